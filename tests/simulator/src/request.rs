//! Is a request to create a message well-formed? Everything Twilio can tell without asking anybody.

use serde_json::{Map, Value, json};

use crate::address::CHANNEL;
use crate::sid::is_sid;
use crate::twilio::problem::Problem;

/// Every field that Twilio's API knows. Others are ignored by it, and counted by us.
const KNOWN: [&str; 26] = [
    "To",
    "From",
    "MessagingServiceSid",
    "Body",
    "MediaUrl",
    "ContentSid",
    "ContentVariables",
    "StatusCallback",
    "ApplicationSid",
    "MaxPrice",
    "ProvideFeedback",
    "Attempt",
    "ValidityPeriod",
    "ForceDelivery",
    "ContentRetention",
    "AddressRetention",
    "SmartEncoded",
    "PersistentAction",
    "TrafficType",
    "ShortenUrls",
    "ScheduleType",
    "SendAt",
    "SendAsMms",
    "RiskCheck",
    "FallbackFrom",
    "Tags",
];

/// Twilio's limit for a text, counted in the stricter of the two possible units.
const BODY_LIMIT: usize = 1_600;

/// A well-formed request.
#[derive(Debug, Default)]
pub struct Request {
    /// Our number.
    pub from: String,
    /// The customer's address.
    pub to: String,
    /// Text; may be empty.
    pub body: String,
    /// Media addresses.
    pub media: Vec<String>,
    /// A template.
    pub content_sid: Option<String>,
    /// Its variables.
    pub content_variables: Map<String, Value>,
    /// Where statuses go.
    pub status_callback: Option<String>,
    /// `geo:lat,long|label`.
    pub location: Option<String>,
}

impl Request {
    /// Reads the form, in the order in which Twilio complains.
    pub fn read(params: &[(String, String)], unknown: &mut Vec<String>) -> Result<Self, Problem> {
        unknown.extend(
            params
                .iter()
                .map(|(name, _)| name)
                .filter(|name| !KNOWN.contains(&name.as_str()))
                .cloned(),
        );
        let field = |name: &str| {
            let found = params
                .iter()
                .find(|(known, value)| known == name && !value.is_empty());
            found.map(|(_, value)| value.as_str())
        };
        let to = field("To").ok_or_else(|| Problem::of(21604))?;
        let service = field("MessagingServiceSid");
        let from = match (field("From"), service) {
            (Some(from), _) => from,
            (None, Some(service)) => {
                return Err(Problem::of(21701)
                    .saying(format!("The Messaging Service {service} does not exist")));
            }
            (None, None) => return Err(Problem::of(21603)),
        };
        let (from, to) = match (from.strip_prefix(CHANNEL), to.strip_prefix(CHANNEL)) {
            (Some(from), Some(to)) => (from, to),
            (None, None) => return Err(Problem::of(21408)),
            _ => return Err(Problem::of(21910)),
        };
        let body = field("Body").unwrap_or_default();
        let media: Vec<String> = params
            .iter()
            .filter(|(name, _)| name == "MediaUrl")
            .map(|(_, url)| url.clone())
            .collect();
        let content_sid = field("ContentSid");
        let content_variables = variables(field("ContentVariables"), content_sid)?;
        let location = field("PersistentAction").filter(|action| action.starts_with("geo:"));
        if body.is_empty() && media.is_empty() && content_sid.is_none() && location.is_none() {
            return Err(Problem::of(21619));
        }
        if body.encode_utf16().count() > BODY_LIMIT {
            return Err(Problem::of(21617));
        }
        if media.iter().any(|url| !is_web_address(url)) {
            return Err(Problem::of(21620));
        }
        if let Some(seconds) = field("ValidityPeriod")
            && !seconds
                .parse()
                .is_ok_and(|seconds: u32| (1..=36_000).contains(&seconds))
        {
            return Err(Problem::of(21624));
        }
        let status_callback = field("StatusCallback");
        if status_callback.is_some_and(|url| !is_web_address(url)) {
            return Err(Problem::of(21609));
        }
        Ok(Self {
            from: from.to_owned(),
            to: to.to_owned(),
            body: body.to_owned(),
            media,
            content_sid: content_sid.map(str::to_owned),
            content_variables,
            status_callback: status_callback.map(str::to_owned),
            location: location.map(str::to_owned),
        })
    }

    /// What the phone shows of a free-form message besides its text.
    pub fn shown(&self) -> Value {
        let Some(geo) = &self.location else {
            return json!({"kind": if self.media.is_empty() { "text" } else { "media" }});
        };
        let (point, label) = geo
            .trim_start_matches("geo:")
            .split_once('|')
            .unwrap_or((geo, ""));
        let (latitude, longitude) = point
            .trim_start_matches("geo:")
            .split_once(',')
            .unwrap_or_default();
        json!({"kind": "location", "location": {"latitude": latitude, "longitude": longitude, "label": label}})
    }
}

fn variables(text: Option<&str>, content_sid: Option<&str>) -> Result<Map<String, Value>, Problem> {
    if content_sid.is_some_and(|sid| !is_sid(sid, &["HX"])) {
        return Err(Problem::of(21655));
    }
    let Some(text) = text else {
        return Ok(Map::new());
    };
    if content_sid.is_none() {
        return Err(Problem::of(21654));
    }
    let variables: Map<String, Value> =
        serde_json::from_str(text).map_err(|_| Problem::of(21656))?;
    if variables.values().any(|value| !value.is_string()) {
        return Err(Problem::of(21656));
    }
    Ok(variables)
}

/// A URL with a valid host name. Underscores are not allowed there (21609).
pub fn is_web_address(url: &str) -> bool {
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    let host = rest
        .and_then(|rest| rest.split(['/', '?', '#', ':']).next())
        .unwrap_or_default();
    !host.is_empty()
        && host
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(params: &[(&str, &str)]) -> Result<Request, u32> {
        let usual = [
            ("From", "whatsapp:+390212345678"),
            ("To", "whatsapp:+393331234567"),
        ];
        let params: Vec<(String, String)> = params
            .iter()
            .chain(
                usual
                    .iter()
                    .filter(|(name, _)| params.iter().all(|(given, _)| given != name)),
            )
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        Request::read(&params, &mut Vec::new()).map_err(|problem| problem.code)
    }

    #[test]
    fn a_text_is_well_formed() {
        let request = read(&[("Body", "Ciao"), ("ValidityPeriod", "36000")]).unwrap();
        assert_eq!(
            (request.from.as_str(), request.to.as_str()),
            ("+390212345678", "+393331234567")
        );
    }

    #[test]
    fn each_mistake_has_its_code() {
        let long = "x".repeat(1_601);
        let sid = "HX00000000000000000000000000000001";
        let cases: &[(&[(&str, &str)], u32)] = &[
            (&[("Body", "x"), ("To", "")], 21604),
            (&[("Body", "x"), ("From", "")], 21603),
            (&[("Body", "x"), ("To", "+393331234567")], 21910),
            (
                &[
                    ("Body", "x"),
                    ("To", "+393331234567"),
                    ("From", "+390212345678"),
                ],
                21408,
            ),
            (&[], 21619),
            (&[("Body", "")], 21619),
            (&[("Body", &long)], 21617),
            (&[("ContentSid", "HX1")], 21655),
            (&[("ContentSid", sid), ("ContentVariables", "{")], 21656),
            (
                &[("ContentSid", sid), ("ContentVariables", r#"{"1":2}"#)],
                21656,
            ),
            (&[("Body", "x"), ("ContentVariables", "{}")], 21654),
            (&[("Body", "x"), ("ValidityPeriod", "0")], 21624),
            (&[("Body", "x"), ("ValidityPeriod", "36001")], 21624),
            (
                &[
                    ("Body", "x"),
                    ("StatusCallback", "http://under_score.test/"),
                ],
                21609,
            ),
            (&[("MediaUrl", "ftp://host/x")], 21620),
        ];
        for (params, code) in cases {
            assert_eq!(read(params).err(), Some(*code), "{params:?}");
        }
    }

    #[test]
    fn sixteen_hundred_units_are_the_limit() {
        assert!(read(&[("Body", &"x".repeat(1_600))]).is_ok());
        assert!(read(&[("Body", &"😀".repeat(800))]).is_ok());
        assert_eq!(read(&[("Body", &"😀".repeat(801))]).err(), Some(21617));
    }

    #[test]
    fn unknown_fields_are_ignored_and_counted() {
        let mut unknown = Vec::new();
        let params = [
            ("From", "whatsapp:+390212345678"),
            ("To", "whatsapp:+393331234567"),
            ("Body", "x"),
            ("Bdy", "y"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert!(Request::read(&params, &mut unknown).is_ok());
        assert_eq!(unknown, ["Bdy"]);
    }
}
