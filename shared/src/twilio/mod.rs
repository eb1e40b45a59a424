//! What does Twilio say, and how is it spoken to? Forms, signatures and codes, without a network.
//!
//! | question | module |
//! |---|---|
//! | what stands in a form? | [`form`] |
//! | is it from Twilio? | [`signature`] |
//! | what did the customer write? | [`inbound`] |
//! | how far did our message get? | [`callback`] |
//! | what does an error code mean? | [`errors`] |
//! | how is a permit put into words? | [`request`] |
//!
//! The signature covers every parameter, the ones we do not know included: so a form is read
//! whole, verified, and only then looked into.

pub mod callback;
pub mod errors;
pub mod form;
pub mod inbound;
mod parameter;
pub mod request;
pub mod signature;

pub use callback::{Callback, CallbackError};
pub use errors::{Consequence, Retry, Rule};
pub use form::{Form, FormError, Params};
pub use inbound::{Inbound, InboundError};

/// The answer to an inbound message: TwiML that says nothing, as `text/xml` with status 200. A
/// reply never goes this way, since nothing would have asked the gate.
#[must_use]
pub const fn webhook_answer() -> &'static str {
    r#"<?xml version="1.0" encoding="UTF-8"?><Response/>"#
}
