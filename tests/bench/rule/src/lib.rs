//! How often can the rule be asked? `shared::policy::authorize` in a loop, compiled as the widget is.
//!
//! The four questions an agent's page asks most: may this text leave, inside the window and outside;
//! may this template, outside; and an empty composer. Nothing of this is in the product.

use shared::address::CustomerAddress;
use shared::id::{ContentSid, SenderId, TemplateId};
use shared::policy::{Proposal, Sender, authorize};
use shared::template::{Approval, Category, Kind, Localization, Template, Value};
use shared::thread::Thread;
use shared::time::{Span, Timestamp};
use std::hint::black_box;

#[cfg(target_arch = "wasm32")]
#[global_allocator]
#[allow(
    unsafe_code,
    reason = "WASM has one thread here: the widget's own choice"
)]
static ALLOCATOR: lol_alloc::AssumeSingleThreaded<lol_alloc::FreeListAllocator> =
    unsafe { lol_alloc::AssumeSingleThreaded::new(lol_alloc::FreeListAllocator::new()) };

const NOW: Timestamp = Timestamp(1_800_000_000_000);

/// Asks `rounds` times four questions; answers how often the rule said yes: twice a round.
#[allow(
    unsafe_code,
    reason = "an exported name is what the attribute vouches for"
)]
#[unsafe(no_mangle)]
pub extern "C" fn decide(rounds: u32) -> u32 {
    let mut thread = Thread::new(
        SenderId::trusted("milano"),
        CustomerAddress::trusted("+393471234567"),
    );
    thread.window.inbound(NOW - Span::hours(1));
    let sender = sender();
    let text = Proposal::Text {
        body: "Buongiorno Anna, il suo ordine arriva domani tra le 9 e le 12.".into(),
    };
    let empty = Proposal::Text { body: "  ".into() };
    let template = Proposal::Template {
        template: TemplateId::trusted("reminder"),
        language: "it".into(),
        values: vec![value("1", "Anna"), value("2", "martedì")],
    };
    let later = NOW + Span::hours(30);
    let mut permits = 0;
    for _ in 0..rounds {
        for (proposal, at) in [
            (&text, NOW),
            (&text, later),
            (&template, later),
            (&empty, NOW),
        ] {
            let decided = authorize(
                black_box(&thread),
                black_box(&sender),
                black_box(proposal),
                black_box(at),
            );
            permits += u32::from(black_box(decided).is_ok());
        }
    }
    permits
}

/// How many questions [`decide`] asks in a round.
pub const QUESTIONS: u32 = 4;

fn sender() -> Sender {
    Sender {
        id: SenderId::trusted("milano"),
        name: "Milano".into(),
        number: "+390200000001".into(),
        language: "it".into(),
        margin: Span::seconds(15),
        active: true,
        templates: vec![Template {
            id: TemplateId::trusted("reminder"),
            name: "Reminder".into(),
            category: Category::Utility,
            default_language: "it".into(),
            localizations: vec![Localization {
                language: "it".into(),
                content_sid: Some(ContentSid::trusted("HX0123456789abcdef0123456789abcdef")),
                approval: Approval::Approved,
                kind: Kind::Text,
                body: "Gentile {{1}}, le ricordiamo l'appuntamento di {{2}}.".into(),
                footer: None,
                buttons: vec![],
                samples: vec![],
            }],
        }],
    }
}

fn value(name: &str, value: &str) -> Value {
    Value {
        name: name.into(),
        value: value.into(),
    }
}
