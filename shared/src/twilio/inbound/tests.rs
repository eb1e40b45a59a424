//! Is every kind of message read for what it is, and none lost?

use super::*;
use crate::twilio::form::{self, Form};
use proptest::prelude::*;

const SID: &str = "SM0011223344556677889900aabbccddee";
const ACCOUNT: &str = "AC0123456789abcdef0123456789abcdef";
const REPLIED: &str = "MM5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c";
const MEDIUM: &str = "ME00112233445566778899aabbccddeeff";

/// A captured form: what every message has, around what this one has.
fn captured(rest: &str) -> Form {
    let body = [
        "SmsMessageSid=",
        SID,
        "&SmsSid=",
        SID,
        "&MessageSid=",
        SID,
        "&AccountSid=",
        ACCOUNT,
        "&To=whatsapp%3A%2B14155238886&NumSegments=1&ReferralNumMedia=0&ApiVersion=2010-04-01",
        rest,
    ]
    .concat();
    form::parse(body.as_bytes()).unwrap_or_default()
}

/// A message from a customer with a number.
fn from_a_phone(rest: &str) -> Form {
    captured(
        &[
            "&From=whatsapp%3A%2B393471234567&WaId=393471234567&SmsStatus=received",
            rest,
        ]
        .concat(),
    )
}

/// The same message with one parameter changed or, without a value, left out.
fn changed(name: &str, value: Option<&str>) -> Form {
    let mut params = from_a_phone("&Body=Ciao").params().to_vec();
    params.retain(|(known, _)| known != name);
    params.extend(value.map(|value| (name.into(), value.into())));
    Form::new(params)
}

fn check(rest: &str, expected: Content) {
    let found = Inbound::parse(&from_a_phone(rest)).map(|inbound| inbound.content);
    assert_eq!(found, Ok(expected), "{rest}");
}

fn text_of(body: &str) -> Content {
    Content::Text { body: body.into() }
}

fn other(kind: &str) -> Content {
    Content::Other {
        kind: kind.into(),
        body: String::new(),
    }
}

#[test]
fn a_tapped_button_as_captured_whole() {
    let rest = [
        "&OriginalRepliedMessageSender=whatsapp%3A%2B14155238886&ExternalUserId=whatsapp%3AIT.4566546130240823\
         &FrequentlyForwarded=false&NumMedia=0&ProfileName=Anna&MessageType=interactive&Body=Conferma\
         &Forwarded=false&ButtonText=Conferma&ButtonPayload=yes\
         &ChannelMetadata=%7B%22type%22%3A%22whatsapp%22%7D&OriginalRepliedMessageSid=", REPLIED,
    ]
    .concat();
    let expected = Inbound {
        sid: MessageSid::trusted(SID),
        account_sid: AccountSid::trusted(ACCOUNT),
        from: CustomerAddress::trusted("+393471234567"),
        to: "+14155238886".into(),
        external: Some(CustomerAddress::trusted("IT.4566546130240823")),
        profile_name: "Anna".into(),
        content: Content::Button {
            text: "Conferma".into(),
            payload: "yes".into(),
        },
        in_reply_to: Some(MessageSid::trusted(REPLIED)),
        opt_out_type: None,
        forwarded: false,
    };
    assert!(expected.has_number());
    assert_eq!(Inbound::parse(&from_a_phone(&rest)), Ok(expected));
}

#[test]
fn buttons_and_lists() {
    let button = |text: &str, payload: &str| Content::Button {
        text: text.into(),
        payload: payload.into(),
    };
    let list = |id: &str, title: &str| Content::ListReply {
        id: id.into(),
        title: title.into(),
    };
    check("&ButtonText=S%C3%AC&Body=S%C3%AC", button("Sì", ""));
    check("&ButtonPayload=yes&Body=S%C3%AC", button("Sì", "yes"));
    check("&MessageType=button&Body=S%C3%AC", button("Sì", ""));
    check("&MessageType=quick_reply&Body=S%C3%AC", button("Sì", ""));
    check("&ButtonText=&ButtonPayload=&Body=Ciao", text_of("Ciao"));
    check("&MessageType=interactive&Body=Ciao", text_of("Ciao"));
    check(
        "&ListId=slot-2&ListTitle=Marted%C3%AC&Body=Marted%C3%AC",
        list("slot-2", "Martedì"),
    );
    check(
        "&ListId=slot-2&Body=Marted%C3%AC",
        list("slot-2", "Martedì"),
    );
    check("&ListTitle=Marted%C3%AC", list("", "Martedì"));
}

#[test]
fn media_by_their_own_names_only() {
    let url = [
        "https%3A%2F%2Fapi.twilio.com%2F2010-04-01%2FAccounts%2F",
        ACCOUNT,
        "%2FMessages%2F",
        SID,
        "%2FMedia%2F",
    ]
    .concat();
    let medium = |content_type: &str, sid: &str| Medium {
        content_type: content_type.into(),
        sid: sid.into(),
    };
    let media = |items: &[Medium], caption: &str| Content::Media {
        items: items.to_vec(),
        caption: caption.into(),
    };
    let picture = [
        "&MessageType=image&NumMedia=1&MediaContentType0=image%2Fjpeg&MediaUrl0=",
        &url,
        MEDIUM,
    ]
    .concat();
    check(
        &[&picture, "&Body="].concat(),
        media(&[medium("image/jpeg", MEDIUM)], ""),
    );
    check(
        &[&picture, "%3Fa%3D1%23b&Body=Eccola"].concat(),
        media(&[medium("image/jpeg", MEDIUM)], "Eccola"),
    );
    for odd in [
        "..%2F..",
        "ME12",
        "",
        "me00112233445566778899aabbccddeeff",
        "%3FME00112233445566778899aabbccddeeff",
    ] {
        check(
            &[
                "&NumMedia=1&MediaContentType0=audio%2Fogg&MediaUrl0=",
                &url,
                odd,
            ]
            .concat(),
            media(&[medium("audio/ogg", "")], ""),
        );
    }
    let two = [
        "&NumMedia=2&MediaUrl0=",
        &url,
        MEDIUM,
        "&MediaContentType1=text%2Fvcard",
    ]
    .concat();
    check(
        &two,
        media(&[medium("", MEDIUM), medium("text/vcard", "")], ""),
    );
    check(
        &["&MediaUrl0=", &url, MEDIUM].concat(),
        media(&[medium("", MEDIUM)], ""),
    );
    check("&NumMedia=0&Body=Ciao", text_of("Ciao"));
    check("&NumMedia=molti&Body=Ciao", text_of("Ciao"));
    check("&NumMedia=4000000000", media(&vec![medium("", ""); 10], ""));
}

#[test]
fn places() {
    let place = |label: &str, address: &str| Content::Location {
        latitude: "45.4642".into(),
        longitude: "9.19".into(),
        label: label.into(),
        address: address.into(),
    };
    let rest = "&MessageType=location&Body=&Latitude=45.4642&Longitude=9.19";
    check(rest, place("", ""));
    check(
        &[rest, "&Label=Duomo&Address=Piazza+del+Duomo"].concat(),
        place("Duomo", "Piazza del Duomo"),
    );
    check(
        "&MessageType=location&Body=&Latitude=45.4642",
        other("location"),
    );
}

#[test]
fn texts_and_what_we_have_no_view_for() {
    check(
        "&MessageType=text&Body=Ciao+%F0%9F%99%82%0A",
        text_of("Ciao 🙂\n"),
    );
    check("&Body=a%00b%00", text_of("ab"));
    check("&Body=+", text_of(" "));
    check("&Body=", other(""));
    check("", other(""));
    check("&Body=%00", other(""));
    check("&MessageType=reaction&Body=", other("reaction"));
    check("&MessageType=hologram&Body=Guarda", text_of("Guarda"));
    check(
        "&MessageType=interactive&Body=&FlowData=%7B%7D&Surprise=1",
        other("interactive"),
    );
}

#[test]
fn a_customer_without_a_number() {
    let check = |rest: &str, from: &str, external: Option<&str>, has_number: bool| {
        let found = Inbound::parse(&captured(rest)).map(|i| {
            (
                i.from.as_str().to_owned(),
                i.external.clone(),
                i.has_number(),
            )
        });
        assert_eq!(
            found,
            Ok((
                from.into(),
                external.map(CustomerAddress::trusted),
                has_number
            )),
            "{rest}"
        );
    };
    let phone = "&From=whatsapp%3A%2B393471234567";
    let scoped = "&From=whatsapp%3AIT.1A2b";
    check(scoped, "IT.1A2b", None, false);
    check(
        &[scoped, "&ExternalUserId=whatsapp%3AIT.1A2b"].concat(),
        "IT.1A2b",
        None,
        false,
    );
    check(
        &[phone, "&ExternalUserId=whatsapp%3AIT.1A2b"].concat(),
        "+393471234567",
        Some("IT.1A2b"),
        true,
    );
    check(
        &[phone, "&ExternalUserId=IT.1A2b"].concat(),
        "+393471234567",
        Some("IT.1A2b"),
        true,
    );
    for odd in ["", "whatsapp%3A", "whatsapp%3A%2B393470000000", "%3F%3F"] {
        check(
            &[phone, "&ExternalUserId=", odd].concat(),
            "+393471234567",
            None,
            true,
        );
    }
}

#[test]
fn what_else_comes_along() {
    let check = |rest: &str, expected: (&str, Option<&str>, bool, bool)| {
        let found = Inbound::parse(&from_a_phone(rest));
        let found = found.as_ref().map(|i| {
            (
                i.profile_name.as_str(),
                i.opt_out_type.as_deref(),
                i.forwarded,
                i.in_reply_to.is_some(),
            )
        });
        assert_eq!(found, Ok(expected), "{rest}");
    };
    check(
        "&ProfileName=Anna%00+%F0%9F%8C%B7&OptOutType=&Forwarded=false",
        ("Anna 🌷", None, false, false),
    );
    check(
        "&OptOutType=STOP&Forwarded=true",
        ("", Some("STOP"), true, false),
    );
    check(
        "&OptOutType=start&FrequentlyForwarded=true",
        ("", Some("START"), true, false),
    );
    check(
        &["&OriginalRepliedMessageSid=", REPLIED].concat(),
        ("", None, false, true),
    );
    check(
        "&OriginalRepliedMessageSid=wamid.HBg",
        ("", None, false, false),
    );
}

#[test]
fn what_is_no_message_says_which_parameter() {
    let check = |name: &'static str, value: Option<&str>, expected: Option<InboundError>| {
        assert_eq!(
            Inbound::parse(&changed(name, value)).err(),
            expected,
            "{name}={value:?}"
        );
    };
    for name in ["MessageSid", "AccountSid", "From", "To"] {
        check(name, None, Some(InboundError::Missing(name)));
        check(name, Some(""), Some(InboundError::Missing(name)));
        check(name, Some("?"), Some(InboundError::Malformed(name)));
    }
    check(
        "From",
        Some("+393471234567"),
        Some(InboundError::Malformed("From")),
    );
    check(
        "From",
        Some("whatsapp:347123"),
        Some(InboundError::Malformed("From")),
    );
    check(
        "To",
        Some("whatsapp:IT.1A2b"),
        Some(InboundError::Malformed("To")),
    );
    for status in ["sent", "delivered", "read", "queued", "receiving"] {
        check("SmsStatus", Some(status), Some(InboundError::NotReceived));
        check(
            "MessageStatus",
            Some(status),
            Some(InboundError::NotReceived),
        );
    }
    check("SmsStatus", None, None);
    check("SmsStatus", Some(""), None);
    check("MessageStatus", Some("received"), None);
    let error = InboundError::Missing("From");
    assert_eq!(
        (error.code(), error.parameter()),
        ("inbound-parameter-missing", "From")
    );
}

proptest! {
    /// Whatever else it brings, a message that says from whom to whom counts, and its text is clean.
    #[test]
    fn no_message_is_lost(extra in prop::collection::vec((known_name(), any::<String>()), 0..12)) {
        let mut params = from_a_phone("").params().to_vec();
        params.extend(extra);
        let found = Inbound::parse(&Form::new(params)).map(|inbound| match inbound.content {
            Content::Text { body } | Content::Media { caption: body, .. } => !body.contains('\0'),
            Content::Button { text, payload } => !text.contains('\0') && !payload.contains('\0'),
            _ => true,
        });
        prop_assert_eq!(found, Ok(true));
    }

    #[test]
    fn any_form_is_read_without_panic(params in any::<form::Params>()) {
        let _ = Inbound::parse(&Form::new(params));
    }
}

fn known_name() -> impl Strategy<Value = String> {
    let names = [
        "Body",
        "NumMedia",
        "MediaUrl0",
        "MediaContentType0",
        "MessageType",
        "ButtonText",
        "ButtonPayload",
        "ListId",
        "ListTitle",
        "Latitude",
        "Longitude",
        "Label",
        "ProfileName",
        "ExternalUserId",
        "OriginalRepliedMessageSid",
        "OptOutType",
        "Forwarded",
    ];
    prop::sample::select(names.to_vec()).prop_map(String::from)
}
