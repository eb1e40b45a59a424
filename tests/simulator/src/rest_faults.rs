//! Which request to Twilio's REST API goes wrong, whatever it asks for?

use serde::{Deserialize, Serialize};

use crate::faults::FailureKind;

/// A failure for the requests that match. Everything that is left out matches.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RestFault {
    /// Which failure.
    pub kind: FailureKind,
    /// `GET`, `POST`, `DELETE`.
    #[serde(default)]
    pub method: Option<String>,
    /// The path; `*` stands for any one segment.
    #[serde(default)]
    pub path: Option<String>,
    /// The page of a list, from 1.
    #[serde(default)]
    pub page: Option<u64>,
    /// So many matching requests pass first.
    #[serde(default)]
    pub after: u32,
    /// So many fail then; 1 if not said.
    #[serde(default = "once")]
    pub count: u32,
    /// With a server error: the work was done all the same.
    #[serde(default)]
    pub created: bool,
    /// With a lost answer: the connection stays open and silent instead of being closed.
    #[serde(default)]
    pub hang: bool,
}

fn once() -> u32 {
    1
}

impl RestFault {
    /// True if the work is done although its answer is spoiled.
    pub fn does_the_work(&self) -> bool {
        match self.kind {
            FailureKind::TooManyRequests | FailureKind::Timeout => false,
            FailureKind::ServerError | FailureKind::Unavailable => self.created,
            FailureKind::LostAnswer | FailureKind::CutOff => true,
        }
    }

    fn matches(&self, method: &str, path: &str, query: &str) -> bool {
        self.method.as_deref().is_none_or(|it| it == method)
            && self.path.as_deref().is_none_or(|it| fits(it, path))
            && self.page.is_none_or(|page| page == page_of(query))
    }
}

/// Uses up one failure, or one of the requests that pass before it.
pub fn next(
    faults: &mut Vec<RestFault>,
    method: &str,
    path: &str,
    query: &str,
) -> Option<RestFault> {
    faults.retain(|fault| fault.count > 0);
    let fault = faults
        .iter_mut()
        .find(|fault| fault.matches(method, path, query))?;
    if fault.after > 0 {
        fault.after -= 1;
        return None;
    }
    fault.count -= 1;
    Some(fault.clone())
}

fn fits(pattern: &str, path: &str) -> bool {
    let mut given = path.split('/');
    let fits = pattern.split('/').all(|wanted| {
        given
            .next()
            .is_some_and(|segment| wanted == "*" || wanted == segment)
    });
    fits && given.next().is_none()
}

/// The page that a request asks for: `Page` counts from 0, and Twilio's next page says it.
fn page_of(query: &str) -> u64 {
    let page = form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == "Page")
        .and_then(|(_, value)| value.parse::<u64>().ok());
    page.unwrap_or(0).saturating_add(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> Vec<RestFault> {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn the_third_page_fails_once() {
        let mut faults = faults(r#"[{"kind":"500","path":"/v1/ContentAndApprovals","page":3}]"#);
        let mut at =
            |query: &str| next(&mut faults, "GET", "/v1/ContentAndApprovals", query).is_some();
        assert!(!at("PageSize=500") && !at("PageSize=500&Page=1&PageToken=DN500"));
        assert!(at("PageSize=500&Page=2&PageToken=DN1000"));
        assert!(!at("PageSize=500&Page=2&PageToken=DN1000"), "used up");
    }

    #[test]
    fn a_star_is_one_segment_and_some_requests_pass_first() {
        let mut faults = faults(
            r#"[{"kind":"cut_off","method":"GET","path":"/v1/Content/*/ApprovalRequests","after":1,"count":2}]"#,
        );
        let mut at = |method: &str, path: &str| next(&mut faults, method, path, "").is_some();
        assert!(!at("GET", "/v1/Content/HX1"));
        assert!(!at("POST", "/v1/Content/HX1/ApprovalRequests"));
        let seen: Vec<bool> = (0..4)
            .map(|_| at("GET", "/v1/Content/HX1/ApprovalRequests"))
            .collect();
        assert_eq!(seen, [false, true, true, false]);
    }
}
