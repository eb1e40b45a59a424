//! A webhook by hand: signed as Twilio signs, or wrongly on purpose.

use shared::twilio::signature;
use world::{Failure, World, demo};

/// What a webhook is answered.
#[derive(Debug, PartialEq, Eq)]
pub struct Answered {
    pub status: u16,
    pub content_type: String,
    pub body: String,
}

/// The parameters of a text from a customer to Milano.
#[must_use]
pub fn text(sid: &str, from: &str, body: &str) -> Vec<(String, String)> {
    [
        ("MessageSid", sid),
        ("SmsMessageSid", sid),
        ("AccountSid", demo::ACCOUNT_SID),
        ("From", &format!("whatsapp:{from}")),
        ("To", &format!("whatsapp:{}", demo::MILANO)),
        ("Body", body),
        ("NumMedia", "0"),
        ("SmsStatus", "received"),
        ("ApiVersion", "2010-04-01"),
        ("SomethingNew", "kept"),
    ]
    .iter()
    .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
    .collect()
}

/// Replaces a parameter.
#[must_use]
pub fn with(mut params: Vec<(String, String)>, name: &str, value: &str) -> Vec<(String, String)> {
    params.retain(|(known, _)| known != name);
    params.push((name.into(), value.into()));
    params
}

/// Posts a form to a path, with a signature by `token`; `None`: without any.
pub async fn post(
    world: &World,
    path: &str,
    params: &[(String, String)],
    token: Option<&str>,
) -> Result<Answered, Failure> {
    let url = format!("{}{path}", world.edge_url());
    let signature = token.map(|token| signature::sign(token, &url, params));
    raw(
        &url,
        "application/x-www-form-urlencoded",
        shared::twilio::form::print(params).into_bytes(),
        signature,
    )
    .await
}

/// Posts anything.
pub async fn raw(
    url: &str,
    content_type: &str,
    body: Vec<u8>,
    signature: Option<String>,
) -> Result<Answered, Failure> {
    let mut request = reqwest::Client::new()
        .post(url)
        .header("content-type", content_type)
        .body(body);
    if let Some(signature) = signature {
        request = request.header("x-twilio-signature", signature);
    }
    let answer = request.send().await?;
    let status = answer.status().as_u16();
    let content_type = answer
        .headers()
        .get("content-type")
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_owned();
    Ok(Answered {
        status,
        content_type,
        body: answer.text().await?,
    })
}
