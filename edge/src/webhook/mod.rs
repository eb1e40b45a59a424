//! What does Twilio tell us? Its webhooks: verified, parsed, handed to the thread, and answered
//! only once they are durable.

pub mod admission;
pub mod messages;
pub mod recovery;
pub mod status;
