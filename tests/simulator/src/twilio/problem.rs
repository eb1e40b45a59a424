//! How does Twilio say no? `{code, message, more_info, status}`, and the words of each code.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// An error of the REST API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Twilio's code.
    pub code: u32,
    /// HTTP status.
    pub status: u16,
    /// For people.
    pub message: String,
}

impl Problem {
    /// A code with its usual words and status.
    pub fn of(code: u32) -> Self {
        let status = match code {
            20003 => 401,
            20004 => 405,
            20005 => 403,
            20404 => 404,
            20429 => 429,
            20500 => 500,
            20503 => 503,
            _ => 400,
        };
        Self {
            code,
            status,
            message: meaning(code).to_owned(),
        }
    }

    /// The same with particular words.
    pub fn saying(mut self, message: impl Into<String>) -> Self {
        self.message = message.into();
        self
    }

    /// 20404 for a path.
    pub fn not_found(path: &str) -> Self {
        Self::of(20404).saying(format!("The requested resource {path} was not found"))
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = json!({
            "code": self.code,
            "message": self.message,
            "more_info": format!("https://www.twilio.com/docs/errors/{}", self.code),
            "status": self.status,
        });
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_REQUEST);
        let mut response = (status, Json(body)).into_response();
        if self.code == 20003 {
            let realm = axum::http::HeaderValue::from_static("Basic realm=\"Twilio API\"");
            response.headers_mut().insert("www-authenticate", realm);
        }
        response
    }
}

/// What a code means, in Twilio's words as far as they are known.
pub fn meaning(code: u32) -> &'static str {
    match code {
        20001 => "Invalid parameter",
        20003 => "Authenticate",
        20004 => "Method not allowed",
        20005 => "Account not active",
        20007 => "Page size is too large",
        20404 => "The requested resource was not found",
        20422 => "Invalid parameter",
        20429 => "Too Many Requests",
        20500 => "Internal Server Error",
        20503 => "Service Unavailable",
        21211 => "Invalid 'To' Phone Number",
        21408 => {
            "Permission to send an SMS has not been enabled for the region indicated by the 'To' number"
        }
        21603 => "A 'From' phone number is required.",
        21604 => "A 'To' phone number is required.",
        21609 => "The 'StatusCallback' URL is not a valid URL.",
        21610 => "Attempt to send to unsubscribed recipient",
        21617 => "The concatenated message body exceeds the 1600 character limit",
        21619 => "A text message body or media urls must be specified.",
        21620 => "Invalid media URL",
        21624 => "Invalid validity period value",
        21654 => "The ContentSid is required",
        21655 => "The ContentSid is Invalid",
        21656 => "The Content Variables parameter is invalid.",
        21701 => "The Messaging Service does not exist",
        21910 => "Invalid From and To pair. From and To should be of the same channel",
        30008 => "Unknown error",
        30410 => "Provider timeout",
        63003 => "Channel could not find To address",
        63005 => "Channel did not accept given content",
        63007 => "Twilio could not find a Channel with the specified From address",
        63010 => "Channels - Twilio Internal error",
        63012 => "Channel provider returned an internal service error",
        63013 => "This message send failed because it violates Channel provider's policy",
        63014 => "Message delivery failed because the recipient has blocked or withdrawn consent",
        63015 => {
            "Channel Sandbox can only send messages to phone numbers that have joined the Sandbox"
        }
        63016 => {
            "Failed to send freeform message because you are outside the allowed window. If you are using WhatsApp, please use a Message Template."
        }
        63018 => "Rate limit exceeded for Channel",
        63019 => "Media failed to download",
        63021 => "Channel invalid content error",
        63024 => "Invalid message recipient",
        63027 => "Template does not exist for a language and locale",
        63028 => "Number of parameters provided does not match the expected number of parameters",
        63030 => "Unsupported parameter for type of channels message",
        63032 => "User's number is part of an experiment",
        63034 => "Media exceeds size limit supported by channel",
        63038 => "Daily messages limit exceeded",
        63040 => "Template Rejected",
        63041 => "Template Paused",
        63042 => "Template Disabled",
        63049 => "Meta chose not to deliver this WhatsApp marketing message",
        63100 => "Validation Error",
        63051 => "WhatsApp Business Account is locked",
        _ => "Unknown error",
    }
}
