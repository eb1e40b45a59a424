//! What did the agent, the browser or the socket do? Turns what the page's listeners report, a word
//! and up to three texts, into [`Message`]s.
//!
//! | what | a | b | c |
//! |---|---|---|---|
//! | `click` | the button's `data-do` | the row's `data-id` | the button's `data-about` |
//! | `typed` | the field's id, or its variable's name after `=` | its text | |
//! | `enter` | as above: Enter was pressed in it | | |
//! | `record` | where the customer agreed | to what | |
//! | `scroll` | `top` or nothing | `end` or nothing | |
//! | `shown`, `escaped` | a dialog was opened, or closed by the browser | | |
//! | `ticket` | thread | socket | ticket |
//! | `no-ticket` | status | code | |
//! | `pong`; `closed` | close code | | |

use crate::message::Message;
use crate::phrase::cut;
use shared::id::{ClientId, MessageId, TemplateId, ThreadId};
use shared::template::Value;
use shared::thread::Choice;

/// The message that a report means, if it means one. `fresh` makes the name of a new command.
pub fn message(what: &str, [a, b, c]: [&str; 3], fresh: &dyn Fn() -> String) -> Option<Message> {
    let client = || ClientId::trusted(fresh());
    Some(match what {
        "click" => return click(a, b, c, &client),
        "typed" => match a.strip_prefix('=') {
            Some(name) => Message::Filled(Value {
                name: name.into(),
                value: b.into(),
            }),
            None if a == "text" => Message::Typed(b.into()),
            None if a == "search" => Message::Searched(b.into()),
            None => return None,
        },
        "enter" if a == "text" => Message::Submit(client()),
        "enter" if a.starts_with('=') => Message::SubmitTemplate(client()),
        "record" => Message::OptIn {
            client: client(),
            source: a.into(),
            wording: b.into(),
        },
        "scroll" => Message::Scrolled {
            top: a == "top",
            bottom: b == "end",
        },
        "shown" if a == "picker" => Message::PickerOpened,
        "shown" => Message::Tick { woken: false },
        "escaped" => Message::PickerClosed,
        "ticket" => Message::Ticket {
            thread: ThreadId::trusted(a),
            socket: b.into(),
            ticket: c.into(),
        },
        "no-ticket" => Message::TicketRefused {
            status: digits(a),
            code: b.into(),
        },
        "pong" => Message::Pong,
        "closed" => Message::Closed(digits(a)),
        _ => return None,
    })
}

fn click(action: &str, id: &str, about: &str, client: &dyn Fn() -> ClientId) -> Option<Message> {
    let message = || MessageId::trusted(id);
    Some(match action {
        "send" => Message::Submit(client()),
        "again" => Message::SendAgain {
            client: client(),
            message: message(),
        },
        "resend" => Message::Resend(ClientId::trusted(id)),
        "discard" => Message::Discard(ClientId::trusted(id)),
        "arrived" => Message::Decide {
            client: client(),
            message: message(),
            choice: Choice::Arrived,
        },
        "lost" => Message::Decide {
            client: client(),
            message: message(),
            choice: Choice::Lost,
        },
        "dismiss" => Message::Dismiss,
        "reveal" => Message::Reveal,
        "end" => Message::ToEnd,
        "templates" => Message::Open("picker"),
        "consent" => Message::Open("consent"),
        "close" => Message::PickerClosed,
        "back" => Message::Back,
        "choose" => {
            let (template, language) = cut(about, b' ')?;
            Message::Chosen {
                template: TemplateId::trusted(template),
                language: language.into(),
            }
        }
        "send-template" => Message::SubmitTemplate(client()),
        _ => return None,
    })
}

fn digits(text: &str) -> u16 {
    text.bytes().fold(0, |number: u16, byte| {
        number
            .saturating_mul(10)
            .saturating_add(u16::from(byte.wrapping_sub(b'0')))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(what: &str, a: &str, b: &str, c: &str) -> Option<Message> {
        message(what, [a, b, c], &|| "new".into())
    }

    #[test]
    fn what_the_page_reports_and_what_it_means() {
        let client = || ClientId::trusted("new");
        for (report, meaning) in [
            (
                heard("click", "send", "", ""),
                Some(Message::Submit(client())),
            ),
            (
                heard("click", "again", "m1", ""),
                Some(Message::SendAgain {
                    client: client(),
                    message: MessageId::trusted("m1"),
                }),
            ),
            (
                heard("click", "discard", "c1", ""),
                Some(Message::Discard(ClientId::trusted("c1"))),
            ),
            (
                heard("click", "choose", "", "order it"),
                Some(Message::Chosen {
                    template: TemplateId::trusted("order"),
                    language: "it".into(),
                }),
            ),
            (
                heard("typed", "text", "ciao", ""),
                Some(Message::Typed("ciao".into())),
            ),
            (
                heard("typed", "=1", "Anna", ""),
                Some(Message::Filled(Value {
                    name: "1".into(),
                    value: "Anna".into(),
                })),
            ),
            (heard("typed", "source", "x", ""), None),
            (
                heard("enter", "=1", "", ""),
                Some(Message::SubmitTemplate(client())),
            ),
            (
                heard("no-ticket", "422", "address-empty", ""),
                Some(Message::TicketRefused {
                    status: 422,
                    code: "address-empty".into(),
                }),
            ),
            (
                heard("closed", "4409", "", ""),
                Some(Message::Closed(4_409)),
            ),
            (
                heard("scroll", "", "end", ""),
                Some(Message::Scrolled {
                    top: false,
                    bottom: true,
                }),
            ),
            (heard("click", "unknown", "", ""), None),
            (heard("unknown", "", "", ""), None),
        ] {
            assert_eq!(report, meaning);
        }
    }
}
