//! What does Twilio write into `X-Twilio-Signature`?
//!
//! base64(HMAC-SHA1(auth token, URL without its fragment ++ every parameter's name and value, sorted by
//! name in byte order)). The simulator's own implementation; the official SDK is asked in `tests/referee`.

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac};
use sha1::Sha1;

/// The signature over a form. `url` is exactly the configured one; a fragment is left out.
pub fn sign(auth_token: &str, url: &str, params: &[(String, String)]) -> String {
    let mut sorted: Vec<&(String, String)> = params.iter().collect();
    sorted.sort();
    sorted.dedup();
    let mut message = without_fragment(url).to_owned();
    for (name, value) in sorted {
        message.push_str(name);
        message.push_str(value);
    }
    // HMAC takes a key of any length, so this cannot fail.
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(auth_token.as_bytes()) else {
        return String::new();
    };
    mac.update(message.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

/// The part of a URL that is requested and signed.
pub fn without_fragment(url: &str) -> &str {
    url.split_once('#').map_or(url, |(before, _)| before)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn documented() -> Vec<(String, String)> {
        [
            ("CallSid", "CA1234567890ABCDE"),
            ("Caller", "+14158675309"),
            ("Digits", "1234"),
            ("From", "+14158675309"),
            ("To", "+18005551212"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec()
    }

    #[test]
    fn the_documented_vector() {
        let url = "https://mycompany.com/myapp.php?foo=1&bar=2";
        let expected = "RSOYDt4T1cUTdK1PDd93/VVr8B8=";
        assert_eq!(sign("12345", url, &documented()), expected);
        let mut reversed = documented();
        reversed.reverse();
        assert_eq!(
            sign("12345", url, &reversed),
            expected,
            "order does not matter"
        );
        let with_fragment = format!("{url}#rc=3&rp=all");
        assert_eq!(sign("12345", &with_fragment, &documented()), expected);
    }
}
