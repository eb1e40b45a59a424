//! Which templates does Twilio have, and how do new ones get there? Its Content API.
//!
//! One *content* is one template in one language; its SID names it, `friendly_name` may stand on several.
//! Where the approval stands depends on whom one asks: in `approval_requests` in the list, in `whatsapp`
//! of a single one, and at the top in the answer to a submission.

mod reading;
mod resource;

use super::call::{self, Failure};
use super::{Credentials, pages};
use crate::config;
use crate::json::object;
use serde_json::Value;
use shared::id::ContentSid;
use shared::submission::Submission;
use shared::template::{Approval, Button, Category, Kind, Value as Sample};
use worker::Env;

/// A template in one language, as Twilio has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// Twilio's name for it.
    pub sid: ContentSid,
    /// What people call it: `friendly_name`. Not unique, and perhaps empty.
    pub name: String,
    /// WhatsApp's language code: `it`, `en_GB`.
    pub language: String,
    /// WhatsApp's category; none before it was handed in.
    pub category: Option<Category>,
    /// How WhatsApp judged it.
    pub status: Approval,
    /// Why WhatsApp rejected it, in its words.
    pub rejection_reason: Option<String>,
    /// What it is made of. [`Kind::Unknown`] also if a variable stands where nothing can be filled in (in
    /// the address of a picture, on a card of a carousel): Twilio would send its sample.
    pub kind: Kind,
    /// The text.
    pub body: String,
    /// The small line below.
    pub footer: Option<String>,
    /// The buttons below; those of kinds that we do not know are left out.
    pub buttons: Vec<Button>,
    /// A sample for each variable of text and buttons that has one, in the order of appearance.
    pub samples: Vec<Sample>,
}

/// What WhatsApp says of a content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// How it judged.
    pub status: Approval,
    /// The category it is in; WhatsApp may have changed it.
    pub category: Option<Category>,
    /// Why it was rejected, in WhatsApp's words.
    pub rejection_reason: Option<String>,
}

/// All templates of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// Each once, sorted by SID.
    pub contents: Vec<Content>,
    /// How many pages they came in.
    pub pages: u32,
    /// How many entries had no SID or no language, and were left out.
    pub unreadable: u32,
}

/// Reads all templates with their approvals: whole or not at all.
///
/// # Errors
/// [`Failure`], if a page could not be had after three attempts.
pub async fn list(env: &Env, credentials: &Credentials) -> Result<Listing, Failure> {
    let mut contents = Vec::new();
    let mut unreadable = 0;
    let mut on = |entry: &Value| match reading::content(entry) {
        Some(content) => contents.push(content),
        None => unreadable += 1,
    };
    let base = config::twilio_content(env);
    let first = "/v1/ContentAndApprovals?PageSize=500";
    let pages = pages::all(credentials, &base, first, "contents", &mut on).await?;
    Ok(Listing {
        contents: each_once(contents),
        pages,
        unreadable,
    })
}

/// An entry that moved to the next page while the list was read came twice.
fn each_once(contents: Vec<Content>) -> Vec<Content> {
    let mut contents = crate::order::by(contents, |content| content.sid.as_str());
    contents.dedup_by(|one, other| one.sid == other.sid);
    contents
}

/// Asks how WhatsApp judged one content.
///
/// # Errors
/// [`Failure`]; with status 404 the content is gone.
pub async fn approval(
    env: &Env,
    credentials: &Credentials,
    sid: &ContentSid,
) -> Result<Verdict, Failure> {
    let url = url_of(env, sid, "/ApprovalRequests");
    let answer = call::get_patiently(credentials, &url).await?;
    Ok(reading::verdict(answer.get("whatsapp")))
}

/// Makes a content of a submission. It is not handed in by that, and not checked: see
/// [`shared::submission::findings`].
///
/// # Errors
/// [`Failure`]. After [`Failure::Unreachable`] it may have been made: see [`find_unclaimed`].
pub async fn create(
    env: &Env,
    credentials: &Credentials,
    submission: &Submission,
) -> Result<ContentSid, Failure> {
    let url = [&config::twilio_content(env), "/v1/Content"].concat();
    let answer = call::post(credentials, &url, &resource::content(submission)).await?;
    ContentSid::parse(call::text(&answer, "sid")).ok_or(Failure::Unreachable)
}

/// Hands a content in for WhatsApp's approval, under a name that is to be as
/// [`shared::submission`] wants it.
///
/// # Errors
/// [`Failure`]. After [`Failure::Unreachable`] it may have been handed in: [`approval`] tells.
pub async fn submit(
    env: &Env,
    credentials: &Credentials,
    sid: &ContentSid,
    name: &str,
    category: Category,
) -> Result<Verdict, Failure> {
    let url = url_of(env, sid, "/ApprovalRequests/whatsapp");
    let body = object! { "name": name, "category": resource::category(category) };
    let answer = call::post(credentials, &url, &body).await?;
    Ok(reading::verdict(Some(&answer)))
}

/// Looks for what [`create`] made when its answer was lost: a content that says the same under the same
/// name, was not handed in, and is nobody's. `None`: it was not made.
///
/// # Errors
/// [`Failure`]: it is not known.
pub async fn find_unclaimed(
    env: &Env,
    credentials: &Credentials,
    submission: &Submission,
    claimed: impl Fn(&ContentSid) -> bool,
) -> Result<Option<ContentSid>, Failure> {
    let listing = list(env, credentials).await?;
    Ok(unclaimed(&listing.contents, submission, claimed).cloned())
}

/// The content that would be taken for the one made of `submission`, among all there are.
pub fn unclaimed<'a>(
    contents: &'a [Content],
    submission: &Submission,
    claimed: impl Fn(&ContentSid) -> bool,
) -> Option<&'a ContentSid> {
    // Read as Twilio's own are read, so that what is left out is left out on both sides.
    let mut made = resource::content(submission);
    let contents = contents.iter();
    let mut like = contents.filter(|content| {
        if let Some(fields) = made.as_object_mut() {
            fields.insert("sid".into(), content.sid.as_str().into());
        }
        content.status == Approval::Unsubmitted
            && !claimed(&content.sid)
            && reading::content(&made).is_some_and(|made| made == **content)
    });
    like.next().map(|content| &content.sid)
}

fn url_of(env: &Env, sid: &ContentSid, rest: &str) -> String {
    [
        &config::twilio_content(env),
        "/v1/Content/",
        sid.as_str(),
        rest,
    ]
    .concat()
}

#[cfg(test)]
mod tests;
