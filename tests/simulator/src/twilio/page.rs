//! Which page of a list? As Twilio's newer APIs do it: by token, with the addresses of the pages around it.

use form_urlencoded::Serializer;
use serde_json::{Value, json};

use super::problem::Problem;

const LARGEST: usize = 1_000;

/// What a request says about the page it wants.
#[derive(Debug)]
pub(super) struct Wanted {
    size: usize,
    /// For the client's own use; what counts is the token.
    page: usize,
    /// The number of the last item of the page before.
    pub(super) after: u64,
}

impl Wanted {
    /// Reads a query. `Page` alone does not move the page.
    pub(super) fn read(query: &str, usual: usize) -> Result<Self, Problem> {
        let (mut size, mut page, mut after) = (usual, 0, None);
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let wrong = || Problem::of(20001).saying(format!("Invalid value for {name}"));
            match &*name {
                "PageSize" => {
                    size = value
                        .parse()
                        .ok()
                        .filter(|size| *size > 0)
                        .ok_or_else(wrong)?
                }
                "Page" => page = value.parse().map_err(|_| wrong())?,
                "PageToken" => {
                    let token = value.strip_prefix("DN").and_then(|it| it.parse().ok());
                    after = Some(token.ok_or_else(wrong)?);
                }
                _ => {}
            }
        }
        if size > LARGEST {
            return Err(Problem::of(20007));
        }
        let page = if after.is_some() { page } else { 0 };
        Ok(Self {
            size,
            page,
            after: after.unwrap_or(0),
        })
    }

    /// The page, of numbered items that begin after [`Wanted::after`]. `kept` are the filters, which every address
    /// repeats.
    pub(super) fn of<T>(
        &self,
        mut items: impl Iterator<Item = (u64, T)>,
        show: impl Fn(T) -> Value,
        key: &str,
        url: &str,
        kept: &[(&str, &str)],
    ) -> Value {
        let address = |page: usize, token: Option<u64>| {
            let mut query = Serializer::new(String::new());
            query.append_pair("PageSize", &self.size.to_string());
            query.append_pair("Page", &page.to_string());
            if let Some(token) = token {
                query.append_pair("PageToken", &format!("DN{token}"));
            }
            query.extend_pairs(kept);
            format!("{url}?{}", query.finish())
        };
        let mut last = self.after;
        let mut shown = Vec::new();
        for (number, item) in items.by_ref().take(self.size) {
            last = number;
            shown.push(show(item));
        }
        let more = items.next().is_some();
        // A page before the second is the first; of others only their number is known here.
        let previous = match self.page {
            0 => None,
            1 => Some(address(0, None)),
            page => Some(address(
                page - 1,
                Some(self.after.saturating_sub(self.size as u64)),
            )),
        };
        json!({
            key: shown,
            "meta": {
                "key": key,
                "page": self.page,
                "page_size": self.size,
                "url": address(self.page, (self.after > 0).then_some(self.after)),
                "first_page_url": address(0, None),
                "previous_page_url": previous,
                "next_page_url": more.then(|| address(self.page + 1, Some(last))),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(query: &str) -> Value {
        let wanted = Wanted::read(query, 20).unwrap();
        let items = (wanted.after + 1..=5).map(|number| (number, number));
        wanted.of(
            items,
            |it| json!(it),
            "things",
            "http://h/v1/Things",
            &[("Channel", "whatsapp")],
        )
    }

    #[test]
    fn each_page_leads_to_the_next_and_keeps_the_filter() {
        let first = page("PageSize=2");
        assert_eq!(first["things"], json!([1, 2]));
        let next = first["meta"]["next_page_url"].as_str().unwrap();
        assert_eq!(
            next,
            "http://h/v1/Things?PageSize=2&Page=1&PageToken=DN2&Channel=whatsapp"
        );
        let second = page("PageSize=2&Page=1&PageToken=DN2");
        assert_eq!(
            (&second["things"], &second["meta"]["page"]),
            (&json!([3, 4]), &json!(1))
        );
        let third = page("PageSize=2&Page=2&PageToken=DN4");
        assert_eq!(
            (&third["things"], &third["meta"]["next_page_url"]),
            (&json!([5]), &Value::Null)
        );
    }

    #[test]
    fn a_page_is_asked_for_by_token_only() {
        assert_eq!(page("PageSize=2&Page=2")["things"], json!([1, 2]));
        let code = |query: &str| Wanted::read(query, 20).err().map(|problem| problem.code);
        assert_eq!(code("PageSize=1001"), Some(20007));
        assert_eq!(code("PageSize=0"), Some(20001));
        assert_eq!(code("PageToken=abc"), Some(20001));
    }
}
