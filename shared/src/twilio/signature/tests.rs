//! Does the signature hold for what Twilio sends, and for nothing else?

use super::*;
use crate::twilio::form::Params;
use proptest::prelude::*;

const TOKEN: &str = "12345";
const URL: &str = "https://mycompany.com/myapp.php?foo=1&bar=2";

fn params(pairs: &[(&str, &str)]) -> Params {
    pairs
        .iter()
        .map(|(name, value)| ((*name).into(), (*value).into()))
        .collect()
}

fn documented() -> Params {
    params(&[
        ("CallSid", "CA1234567890ABCDE"),
        ("Caller", "+14158675309"),
        ("Digits", "1234"),
        ("From", "+14158675309"),
        ("To", "+18005551212"),
    ])
}

#[test]
fn the_documented_vector() {
    let mut params = documented();
    assert_eq!(sign(TOKEN, URL, &params), "RSOYDt4T1cUTdK1PDd93/VVr8B8=");
    params.reverse();
    assert!(
        verify(TOKEN, URL, &params, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        "order does not matter"
    );
    assert!(verify(
        TOKEN,
        &[URL, "#rc=3&rp=all"].concat(),
        &params,
        "RSOYDt4T1cUTdK1PDd93/VVr8B8="
    ));
}

/// Signatures computed by Twilio's own library for Node.
#[test]
fn as_twilios_library_signs() {
    let check = |token: &str, url: &str, pairs: &[(&str, &str)], expected: &str| {
        assert_eq!(sign(token, url, &params(pairs)), expected, "{url}");
        assert!(verify(token, url, &params(pairs), expected), "{url}");
    };
    let url = "https://crm.example/twilio/demo/messages?a=d%27Oro";
    let message = [
        ("NumMedia", "0"),
        ("Body", "Caffè 🙂\nperché?"),
        ("MediaUrl0", ""),
    ];
    check(TOKEN, url, &message, "8E/HcmWDw4XFo/o1IKxhIoaV5rI=");
    let repeated = [
        ("Sid", "b"),
        ("To", "x"),
        ("Sid", "a"),
        ("SidB", ""),
        ("Sid", "b"),
        ("Sid0", "1"),
    ];
    check(TOKEN, url, &repeated, "RxB8Zbj66lRe+BmWNrthXafHfrI=");
    check(
        "tökén",
        "http://localhost:8787/",
        &[],
        "QSayweDzyqOp2ZAqMK4bMKCcJ4o=",
    );
}

#[test]
fn repeated_values_are_sorted_and_signed_once() {
    let once = sign(TOKEN, URL, &params(&[("Sid", "a"), ("Sid", "b")]));
    assert_eq!(
        sign(
            TOKEN,
            URL,
            &params(&[("Sid", "b"), ("Sid", "a"), ("Sid", "b")])
        ),
        once
    );
}

#[test]
fn the_port_may_be_written_or_not() {
    let bare = "https://crm.example/twilio/demo/messages?x=1";
    let standard = "https://crm.example:443/twilio/demo/messages?x=1";
    let unusual = "https://crm.example:8443/twilio/demo/messages?x=1";
    let check = |signed: &str, given: &str, expected: bool| {
        let signature = sign(TOKEN, signed, &documented());
        assert_eq!(
            verify(TOKEN, given, &documented(), &signature),
            expected,
            "{signed} for {given}"
        );
    };
    check(bare, standard, true);
    check(standard, bare, true);
    check(bare, unusual, true);
    check(unusual, bare, false);
    check("http://crm.example:80/", "http://crm.example/", true);
    check("http://crm.example:443/", "http://crm.example/", false);
    check("https://[::1]:443/a", "https://[::1]/a", true);
    check("https://[::1]/a", "https://[::1]:8787/a", true);
    check("https://crm.example", "https://crm.example:443", true);
}

#[test]
fn an_apostrophe_in_the_query_may_be_escaped_or_not() {
    let (raw, escaped) = (
        "https://crm.example/a?n=d'Oro",
        "https://crm.example:443/a?n=d%27Oro",
    );
    assert!(verify(TOKEN, raw, &[], &sign(TOKEN, escaped, &[])));
    assert!(verify(TOKEN, escaped, &[], &sign(TOKEN, raw, &[])));
    assert!(!verify(
        TOKEN,
        "https://crm.example/a'",
        &[],
        &sign(TOKEN, "https://crm.example/a%27", &[])
    ));
}

#[test]
fn what_cannot_be_checked_is_false() {
    assert!(
        !verify("", URL, &documented(), &sign("", URL, &documented())),
        "no token"
    );
    for signature in [
        "",
        "=",
        "RSOYDt4T1cUTdK1PDd93/VVr8B8",
        "RSOYDt4T1cUTdK1PDd93/VVr8B9=",
        "RSOY",
        " RSOYDt4T1cUTdK1PDd93/VVr8B8=",
    ] {
        assert!(!verify(TOKEN, URL, &documented(), signature), "{signature}");
    }
    assert!(!verify(
        "12346",
        URL,
        &documented(),
        "RSOYDt4T1cUTdK1PDd93/VVr8B8="
    ));
}

fn any_url() -> impl Strategy<Value = String> {
    "https?://[a-z]{1,9}\\.example(:[1-9][0-9]{1,3})?(/[a-z0-9']{0,6}){0,3}(\\?[a-z0-9=&'%+]{0,20})?(#[a-z=]{0,5})?"
}

/// Names differ: the values of one name are a set, so that a change within it may be none.
fn any_params() -> impl Strategy<Value = Params> {
    prop::collection::btree_map(any::<String>(), any::<String>(), 1..6)
        .prop_map(|map| map.into_iter().collect())
}

proptest! {
    #[test]
    fn what_is_signed_is_verified(token in ".{1,40}", url in any_url(), params in any::<Params>()) {
        let mut shuffled = params.clone();
        shuffled.reverse();
        prop_assert!(verify(&token, &url, &shuffled, &sign(&token, &url, &params)));
    }

    #[test]
    fn a_changed_value_is_seen(params in any_params(), at in any::<prop::sample::Index>(), value in any::<String>()) {
        let signature = sign(TOKEN, URL, &params);
        let mut changed = params.clone();
        if let Some(one) = changed.get_mut(at.index(params.len())) {
            one.1 = value;
        }
        prop_assert_eq!(verify(TOKEN, URL, &changed, &signature), changed == params);
    }

    #[test]
    fn an_added_parameter_is_seen(params in any_params(), name in "[a-z]{1,8}", value in any::<String>()) {
        let signature = sign(TOKEN, URL, &params);
        let added = (name, value);
        let known = params.contains(&added);
        let more: Params = params.iter().cloned().chain([added]).collect();
        // A pair that was there already adds nothing.
        prop_assert_eq!(verify(TOKEN, URL, &more, &signature), known);
    }

    #[test]
    fn a_changed_url_is_seen(url in any_url(), tail in "[a-z0-9]{1,8}", params in any_params()) {
        let requested = without_fragment(&url);
        let signature = sign(TOKEN, requested, &params);
        let longer = [requested, "/", &tail].concat();
        prop_assert!(!verify(TOKEN, &longer, &params, &signature));
        prop_assert!(!verify(TOKEN, &requested.replace(".example", ".example.net"), &params, &signature));
    }

    #[test]
    fn a_changed_signature_is_seen(at in 0..20usize, bit in 0..8u8, token in ".{1,40}") {
        let signature = sign(&token, URL, &documented());
        let mut bytes = STANDARD.decode(&signature).unwrap_or_default();
        if let Some(byte) = bytes.get_mut(at) {
            *byte ^= 1 << bit;
        }
        prop_assert!(!verify(&token, URL, &documented(), &STANDARD.encode(&bytes)));
    }

    #[test]
    fn nothing_panics(token in any::<String>(), url in any::<String>(), params in any::<Params>(), signature in any::<String>()) {
        prop_assert!(!verify(&token, &url, &params, &signature));
        let odd = ["https://", &url].concat();
        let _ = verify(&token, &odd, &params, &sign(&token, &odd, &params));
    }
}
