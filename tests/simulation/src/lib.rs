//! The seeded simulation: one customer, one thread, and everything that can go wrong between them.
//!
//! A seed owns the clock, the order and the faults. The thread core is the real one; around it
//! stand twins of what the shell has in production: a store whose runs are atomic and which
//! survives crashes ([`store`]), Twilio and WhatsApp with a window of their own ([`twilio`]), a KV
//! that may answer with something old ([`store::Published`]). [`play`] draws operations, carries
//! them out and checks the invariants after each.
//!
//! What must never happen: a permit outside the rule; `last_inbound` going back; a message of the
//! customer's missing or twice; one of ours handed over twice; a text given back twice; a window
//! that WhatsApp refuses while webhooks were no later than the margin; something acknowledged lost.
//!
//! What is no failure: a message that stays unconfirmed and is asked about; a refusal; a message
//! that WhatsApp refuses because a webhook came later than the margin.

pub mod play;
pub mod random;
pub mod shell;
pub mod store;
pub mod twilio;
