//! Finestra's domain: the rule of the 24-hour window and everything needed to decide by it.
//!
//! The same code runs in the Worker, where it is law, and in the agent's page, where it spares a
//! round trip. Nothing here does I/O, asks a clock, draws a random number or knows a JavaScript
//! type: what is needed comes in as an argument, what is wanted goes out as a value.
//!
//! | question | module |
//! |---|---|
//! | when is it? | [`time`] |
//! | who is it? | [`address`], [`id`], [`identity`] |
//! | is the window open? | [`window`] |
//! | does the customer want to hear from us? | [`consent`] |
//! | what is said? | [`content`], [`template`], [`text`] |
//! | how far did it get? | [`delivery`], [`message`] |
//! | will WhatsApp take this template? | [`submission`] |
//! | may it leave, now? | [`policy`] |
//! | what happens to a thread? | [`thread`] |
//! | what do page and edge say to each other? | [`protocol`] |
//! | what does Twilio say? | [`twilio`] |

pub mod address;
pub mod consent;
pub mod content;
pub mod delivery;
pub mod id;
pub mod identity;
pub mod message;
pub mod policy;
pub mod protocol;
pub mod session;
pub mod submission;
pub mod template;
pub mod text;
pub mod thread;
pub mod time;
pub mod twilio;
pub mod window;
