//! Which deployment do the demo and the tests talk about? One account, two senders, a handful of
//! templates of every standing, and five customers.

use serde_json::{Value, json};

/// The account's id at the edge.
pub const ACCOUNT: &str = "demo";
/// The account's SID at the simulated Twilio.
pub const ACCOUNT_SID: &str = "ACde300000000000000000000000000001";
/// The account's auth token at the simulated Twilio.
pub const AUTH_TOKEN: &str = "0123456789abcdef0123456789abcdef";

/// An account at the simulated Twilio that nobody has set up at the edge yet: what the console is tried
/// out with.
pub const TRIAL_SID: &str = "AC7a1a10000000000000000000000000ff";
/// Its auth token.
pub const TRIAL_TOKEN: &str = "7a1a17a1a17a1a17a1a17a1a17a1a100";
/// Its number, whose webhook is not set.
pub const TRIAL_NUMBER: &str = "+390200000099";

/// The number of sender `milano`, whose customers are written to in Italian.
pub const MILANO: &str = "+390200000001";
/// The number of sender `london`, whose customers are written to in English.
pub const LONDON: &str = "+442000000001";

/// Wrote to Milano a moment ago: the window is open.
pub const ANNA: &str = "+393470000001";
/// Wrote to Milano 30 hours ago: the window is closed.
pub const BRUNO: &str = "+393470000002";
/// Never wrote to Milano, but agreed to be written to.
pub const CARLA: &str = "+393470000003";
/// Wrote to London a moment ago.
pub const EMMA: &str = "+447700900001";
/// Never wrote to London and never agreed to anything.
pub const OLIVER: &str = "+447700900002";

/// One of our numbers.
#[derive(Debug)]
pub struct Sender {
    /// Its id at the edge.
    pub id: &'static str,
    /// What customers and agents read.
    pub name: &'static str,
    /// `+E.164`
    pub number: &'static str,
    /// Its customers' language.
    pub language: &'static str,
}

/// Both senders.
pub const SENDERS: [Sender; 2] = [
    Sender {
        id: "milano",
        name: "Finestra Milano",
        number: MILANO,
        language: "it",
    },
    Sender {
        id: "london",
        name: "Finestra London",
        number: LONDON,
        language: "en",
    },
];

/// A template in all its languages.
#[derive(Debug)]
pub struct Template {
    /// Its id at the edge; with `_` for `-` its name at WhatsApp.
    pub id: &'static str,
    /// What agents read.
    pub name: &'static str,
    /// `utility`, `marketing` or `authentication`.
    pub category: &'static str,
    /// The ids of the senders that may use it.
    pub senders: &'static [&'static str],
    /// The first one's language is the template's default.
    pub localizations: &'static [Localization],
}

/// A template in one language.
#[derive(Debug)]
pub struct Localization {
    /// `it`, `en`
    pub language: &'static str,
    /// `approved`, `pending`, `rejected`, `unsubmitted` …
    pub approval: &'static str,
    /// `text`, `quick-reply`, `call-to-action`, `list-picker`
    pub kind: &'static str,
    /// With `{{1}}` for the first variable.
    pub body: &'static str,
    /// Kind, title, target.
    pub buttons: &'static [(&'static str, &'static str, &'static str)],
    /// The samples of variables 1, 2, …
    pub samples: &'static [&'static str],
}

const BOTH: &[&str] = &["milano", "london"];
const PLAIN: Localization = Localization {
    language: "it",
    approval: "approved",
    kind: "text",
    body: "",
    buttons: &[],
    samples: &[],
};

/// Approved with and without variables, marketing, awaiting approval, rejected, and one that may
/// only ever be sent inside the window.
pub const TEMPLATES: [Template; 7] = [
    Template {
        id: "appointment-reminder",
        name: "Appointment reminder",
        category: "utility",
        senders: BOTH,
        localizations: &[
            Localization {
                body: "Buongiorno {{1}}, le ricordiamo l'appuntamento di {{2}} alle {{3}}. A presto!",
                samples: &["Anna", "martedì", "15:30"],
                ..PLAIN
            },
            Localization {
                language: "en",
                body: "Hello {{1}}, this is a reminder of your appointment on {{2}} at {{3}}. See you soon!",
                samples: &["Emma", "Tuesday", "3.30 pm"],
                ..PLAIN
            },
        ],
    },
    Template {
        id: "order-shipped",
        name: "Order shipped",
        category: "utility",
        senders: BOTH,
        localizations: &[
            Localization {
                kind: "call-to-action",
                body: "L'ordine {{1}} è partito e arriverà entro {{2}}, salvo imprevisti.",
                buttons: &[("url", "Segui il pacco", "https://example.com/tracking")],
                samples: &["4711", "venerdì"],
                ..PLAIN
            },
            Localization {
                language: "en",
                kind: "call-to-action",
                body: "Your order {{1}} is on its way and should arrive by {{2}} at the latest.",
                buttons: &[("url", "Track it", "https://example.com/tracking")],
                samples: &["4711", "Friday"],
                ..PLAIN
            },
        ],
    },
    Template {
        id: "continue-conversation",
        name: "May we continue?",
        category: "utility",
        senders: BOTH,
        localizations: &[
            Localization {
                kind: "quick-reply",
                body: "Abbiamo una risposta alla sua richiesta. Vuole riceverla qui?",
                buttons: &[
                    ("quick-reply", "Sì", "yes"),
                    ("quick-reply", "No, grazie", "no"),
                ],
                ..PLAIN
            },
            Localization {
                language: "en",
                kind: "quick-reply",
                body: "We have an answer to your question. Would you like to have it here?",
                buttons: &[
                    ("quick-reply", "Yes", "yes"),
                    ("quick-reply", "No, thank you", "no"),
                ],
                ..PLAIN
            },
        ],
    },
    Template {
        id: "autumn-offers",
        name: "Autumn offers",
        category: "marketing",
        senders: &["milano"],
        localizations: &[Localization {
            body: "Gentile {{1}}, da oggi le offerte d'autunno: fino al 30% in tutti i negozi.",
            samples: &["Anna"],
            ..PLAIN
        }],
    },
    Template {
        id: "delivery-delay",
        name: "Delivery delay",
        category: "utility",
        senders: BOTH,
        localizations: &[
            Localization {
                approval: "pending",
                body: "La consegna dell'ordine {{1}} è rimandata a {{2}}. Ci scusiamo per il ritardo.",
                samples: &["4711", "lunedì"],
                ..PLAIN
            },
            Localization {
                language: "en",
                body: "The delivery of your order {{1}} is postponed to {{2}}. We are sorry for the delay.",
                samples: &["4711", "Monday"],
                ..PLAIN
            },
        ],
    },
    Template {
        id: "overdue-invoice",
        name: "Overdue invoice",
        category: "utility",
        senders: &["milano"],
        localizations: &[Localization {
            approval: "rejected",
            body: "La fattura {{1}} risulta non pagata: saldare subito!",
            samples: &["2026/118"],
            ..PLAIN
        }],
    },
    Template {
        id: "choose-time",
        name: "Choose a time",
        category: "utility",
        senders: BOTH,
        localizations: &[
            Localization {
                approval: "unsubmitted",
                kind: "list-picker",
                body: "Quando possiamo chiamarla?",
                buttons: &[
                    ("quick-reply", "Mattina", "morning"),
                    ("quick-reply", "Pomeriggio", "afternoon"),
                ],
                ..PLAIN
            },
            Localization {
                language: "en",
                approval: "unsubmitted",
                kind: "list-picker",
                body: "When may we call you?",
                buttons: &[
                    ("quick-reply", "Morning", "morning"),
                    ("quick-reply", "Afternoon", "afternoon"),
                ],
                ..PLAIN
            },
        ],
    },
];

impl Template {
    /// As WhatsApp wants names: lower-case letters, digits, `_`.
    pub fn whatsapp_name(&self) -> String {
        self.id.replace('-', "_")
    }

    /// As the edge's REST API takes it, with the Content SID of each localization in order.
    pub fn to_edge(&self, content_sids: &[String]) -> Value {
        let localizations: Vec<Value> = self
            .localizations
            .iter()
            .zip(content_sids)
            .map(|(localization, sid)| localization.to_edge(sid))
            .collect();
        json!({
            "name": self.name,
            "category": self.category,
            "default_language": self.localizations.first().map(|first| first.language),
            "senders": self.senders,
            "localizations": localizations,
        })
    }
}

impl Localization {
    fn to_edge(&self, content_sid: &str) -> Value {
        let buttons: Vec<Value> = self
            .buttons
            .iter()
            .map(|(kind, title, target)| json!({ "kind": kind, "title": title, "target": target }))
            .collect();
        let samples: Vec<Value> = (1..)
            .zip(self.samples)
            .map(|(n, sample)| json!({ "name": n.to_string(), "value": sample }))
            .collect();
        json!({
            "language": self.language,
            "content_sid": content_sid,
            "approval": self.approval,
            "kind": self.kind,
            "body": self.body,
            "footer": null,
            "buttons": buttons,
            "samples": samples,
        })
    }

    /// As Twilio's Content API takes it.
    pub fn to_twilio(&self, friendly_name: &str) -> Value {
        let variables: serde_json::Map<String, Value> = (1..)
            .zip(self.samples)
            .map(|(n, sample)| (n.to_string(), json!(sample)))
            .collect();
        let actions: Vec<Value> = self
            .buttons
            .iter()
            .map(|(kind, title, target)| match *kind {
                "url" => json!({ "type": "URL", "title": title, "url": target }),
                _ => json!({ "type": "QUICK_REPLY", "title": title, "id": target }),
            })
            .collect();
        let items: Vec<Value> = self
            .buttons
            .iter()
            .map(|(_, title, target)| json!({ "item": title, "id": target }))
            .collect();
        let content = match self.kind {
            "quick-reply" | "call-to-action" => json!({ "body": self.body, "actions": actions }),
            "list-picker" => json!({ "body": self.body, "button": "…", "items": items }),
            _ => json!({ "body": self.body }),
        };
        json!({
            "friendly_name": friendly_name,
            "language": self.language,
            "variables": variables,
            "types": { format!("twilio/{}", self.kind): content },
        })
    }
}
