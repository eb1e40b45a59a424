//! Do form, signature and reading work together, from the bytes of a webhook to what they say?

use shared::content::Content;
use shared::delivery::{Delivery, Status};
use shared::twilio::{Callback, Inbound, form, signature, webhook_answer};

const TOKEN: &str = "0123456789abcdef0123456789abcdef";
const MESSAGES: &str = "https://finestra.example/twilio/demo/messages";
const STATUS: &str =
    "https://finestra.example/twilio/demo/status?m=0123456789abcdef0123456789abcdef";

const INBOUND: &str = "SmsMessageSid=SM0011223344556677889900aabbccddee&NumMedia=0&ProfileName=Anna\
    &MessageType=text&SmsSid=SM0011223344556677889900aabbccddee&WaId=393471234567&SmsStatus=received\
    &Body=C%27%C3%A8+posto+alle+15%3F+%F0%9F%99%82&To=whatsapp%3A%2B14155238886&NumSegments=1\
    &ReferralNumMedia=0&MessageSid=SM0011223344556677889900aabbccddee\
    &AccountSid=AC0123456789abcdef0123456789abcdef&From=whatsapp%3A%2B393471234567&ApiVersion=2010-04-01";

const FAILED: &str = "ChannelPrefix=whatsapp&ErrorCode=63016&SmsSid=SM0011223344556677889900aabbccddee\
    &SmsStatus=undelivered&MessageStatus=undelivered&MessageSid=SM0011223344556677889900aabbccddee\
    &AccountSid=AC0123456789abcdef0123456789abcdef&To=whatsapp%3A%2B393471234567\
    &From=whatsapp%3A%2B14155238886&ApiVersion=2010-04-01";

#[test]
fn a_twilio_message_is_verified_then_read() {
    let form = form::parse(INBOUND.as_bytes()).unwrap_or_default();
    let signed = signature::sign(TOKEN, MESSAGES, form.params());
    assert!(signature::verify(TOKEN, MESSAGES, form.params(), &signed));
    assert_eq!(
        Inbound::parse(&form).map(|inbound| inbound.content),
        Ok(Content::Text {
            body: "C'è posto alle 15? 🙂".into()
        })
    );
    assert!(
        Callback::parse(&form).is_err(),
        "a message is no status report"
    );
}

#[test]
fn a_twilio_message_changed_on_its_way_is_not_verified() {
    let form = form::parse(INBOUND.as_bytes()).unwrap_or_default();
    let signed = signature::sign(TOKEN, MESSAGES, form.params());
    for changed in [
        INBOUND.replace("alle+15", "alle+16"),
        INBOUND.replace("393471234567", "393471234568"),
        INBOUND.replace("&NumSegments=1", ""),
        [INBOUND, "&Extra=1"].concat(),
    ] {
        let form = form::parse(changed.as_bytes()).unwrap_or_default();
        assert!(
            !signature::verify(TOKEN, MESSAGES, form.params(), &signed),
            "{changed}"
        );
    }
    assert!(
        !signature::verify(TOKEN, STATUS, form.params(), &signed),
        "for another path"
    );
}

#[test]
fn a_twilio_status_report_is_verified_then_read() {
    let form = form::parse(FAILED.as_bytes()).unwrap_or_default();
    let signed = signature::sign(TOKEN, STATUS, form.params());
    assert!(signature::verify(TOKEN, STATUS, form.params(), &signed));
    let other = STATUS.replace("m=0", "m=1");
    assert!(
        !signature::verify(TOKEN, &other, form.params(), &signed),
        "our name for the message is signed, too"
    );
    assert_eq!(
        Callback::parse(&form).map(|callback| callback.report),
        Ok(Delivery::report(Status::Undelivered, Some(63_016)))
    );
    assert!(
        Inbound::parse(&form).is_err(),
        "a status report opens no window"
    );
}

#[test]
fn the_twilio_answer_says_nothing() {
    assert_eq!(
        webhook_answer(),
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response/>"
    );
}
