//! What does a body ask for? Reads the bodies of `PUT` into a [`Change`], or tells the field that is
//! wrong. Whether the change fits what is there already is decided by [`super::rules`].

use super::fields::{Fields, flaw};
use super::rules::{AccountDraft, Change, NextToken, SenderDraft};
use super::setup::TemplateEntry;
use crate::problem::Problem;
use crate::seal::{SealingKey, seal};
use serde_json::Value;
use shared::address::CustomerAddress;
use shared::consent::ConsentWords;
use shared::id::{AccountId, AccountSid, ContentSid, SenderId, TemplateId};
use shared::policy::Sender;
use shared::template::{Button, Localization, Template, Value as Sample};
use shared::text::LONGEST_TEMPLATE_TEXT;
use shared::time::Span;
use shared::window::{DEFAULT_MARGIN, LONGEST_MARGIN};

/// The longest name of anything.
const LONGEST_NAME: usize = 100;

/// The longest target of a button: an address.
const LONGEST_TARGET: usize = 2_000;

/// What `PUT /api/v1/accounts/{account}` asks for. Tokens are sealed here and never leave again.
///
/// # Errors
/// `400` with the field, or `503` if nothing can be sealed.
pub fn account(id: &AccountId, body: &Value, key: &SealingKey) -> Result<Change, Problem> {
    let fields = Fields::of(body)?;
    fields.only(&[
        "name",
        "account_sid",
        "auth_token",
        "next_auth_token",
        "active",
    ])?;
    let sealed = |name| -> Result<Option<String>, Problem> {
        let Some(token) = fields.optional_text(name)? else {
            return Ok(None);
        };
        if !(8..=128).contains(&token.len()) || !token.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(fields.flaw(
                name,
                "copy-from-console",
                "Twilio's auth token is 32 hexadecimal digits.",
            ));
        }
        seal(key, id, token)
            .map(Some)
            .map_err(|_| Problem::unavailable())
    };
    let sid = fields.text("account_sid", LONGEST_NAME)?;
    let account_sid = AccountSid::parse(&sid).ok_or_else(|| {
        fields.flaw(
            "account_sid",
            "copy-from-console",
            "An account SID is AC and 32 hexadecimal digits.",
        )
    })?;
    let next_token = match sealed("next_auth_token")? {
        Some(token) => NextToken::Set(token),
        None if fields.is_null("next_auth_token") => NextToken::Remove,
        None => NextToken::Keep,
    };
    Ok(Change::PutAccount(AccountDraft {
        id: id.clone(),
        name: fields.text("name", LONGEST_NAME)?,
        account_sid,
        token: sealed("auth_token")?,
        next_token,
        active: fields.flag("active")?.unwrap_or(true),
    }))
}

/// What `PUT /api/v1/senders/{sender}` asks for.
///
/// # Errors
/// `400` with the field.
pub fn sender(id: &SenderId, body: &Value) -> Result<Change, Problem> {
    let fields = Fields::of(body)?;
    fields.only(&[
        "account",
        "name",
        "number",
        "language",
        "margin_ms",
        "opt_out_words",
        "opt_in_words",
        "active",
    ])?;
    let account = fields.text("account", LONGEST_NAME)?;
    let account = AccountId::parse(&account).ok_or_else(|| {
        fields.flaw(
            "account",
            "choose-account",
            "There is no account of this name.",
        )
    })?;
    let number = fields.text("number", LONGEST_NAME)?;
    let number = match CustomerAddress::parse(&number) {
        Ok(address) if address.is_phone() => address.as_str().to_string(),
        Ok(_) => return Err(fields.flaw("number", "give-phone-number", "It is no phone number.")),
        Err(error) => {
            let flaw = fields.flaw(
                "number",
                "give-phone-number",
                "A number is written +E.164: +390212345678.",
            );
            return Err(flaw.fact("reason", error.code()));
        }
    };
    // The page hands it to `Intl`, which knows no underscore.
    let language = language(&fields, "language", "-")?;
    let margin = fields
        .integer("margin_ms", 0, LONGEST_MARGIN.0)?
        .map_or(DEFAULT_MARGIN, Span);
    let usual = ConsentWords::default();
    let words = ConsentWords {
        opt_out: words(&fields, "opt_out_words")?.unwrap_or(usual.opt_out),
        opt_in: words(&fields, "opt_in_words")?.unwrap_or(usual.opt_in),
    };
    let both = |word: &&String| {
        words
            .opt_out
            .iter()
            .any(|out| out.to_lowercase() == word.to_lowercase())
    };
    if words.opt_in.iter().find(both).is_some() {
        return Err(fields.flaw(
            "opt_in_words",
            "remove-word",
            "A word cannot both opt in and opt out.",
        ));
    }
    let sender = Sender {
        id: id.clone(),
        name: fields.text("name", LONGEST_NAME)?,
        number,
        language,
        margin,
        active: fields.flag("active")?.unwrap_or(true),
        templates: Vec::new(),
    };
    Ok(Change::PutSender(SenderDraft {
        account,
        sender,
        words,
    }))
}

/// What `PUT /api/v1/templates/{template}` asks for.
///
/// # Errors
/// `400` with the field.
pub fn template(id: &TemplateId, body: &Value) -> Result<Change, Problem> {
    let fields = Fields::of(body)?;
    fields.only(&[
        "name",
        "category",
        "default_language",
        "senders",
        "localizations",
    ])?;
    let mut localizations = Vec::new();
    for localization in fields.objects("localizations", 100)? {
        localizations.push(self::localization(&localization)?);
    }
    localizations.sort_unstable_by(|a: &Localization, b| a.language.cmp(&b.language));
    unique(
        &fields,
        localizations.iter().map(|l| Some(l.language.as_str())),
        "There are two of one language.",
    )?;
    let sids = localizations
        .iter()
        .map(|l| l.content_sid.as_ref().map(ContentSid::as_str));
    unique(&fields, sids, "Two languages have the same Content SID.")?;
    let default_language = language(&fields, "default_language", "-_")?;
    if !localizations
        .iter()
        .any(|localization| localization.language == default_language)
    {
        let detail = "There is no localization in this language.";
        return Err(fields.flaw("default_language", "choose-language", detail));
    }
    let mut senders = Vec::new();
    for (text, place) in fields.texts("senders", 1_000)?.unwrap_or_default() {
        let sender = SenderId::parse(text)
            .ok_or_else(|| flaw(&place, "choose-sender", "There is no sender of this name."))?;
        senders.push(sender);
    }
    senders.sort_unstable();
    senders.dedup();
    let template = Template {
        id: id.clone(),
        name: fields.text("name", LONGEST_NAME)?,
        category: fields.word("category")?,
        default_language,
        localizations,
    };
    Ok(Change::PutTemplate(TemplateEntry {
        version: 0,
        template,
        senders,
    }))
}

fn localization(fields: &Fields<'_>) -> Result<Localization, Problem> {
    fields.only(&[
        "language",
        "content_sid",
        "approval",
        "kind",
        "body",
        "footer",
        "buttons",
        "samples",
    ])?;
    let content_sid = match fields.optional_text("content_sid")? {
        None => None,
        Some(text) => Some(ContentSid::parse(text).ok_or_else(|| {
            fields.flaw(
                "content_sid",
                "copy-from-console",
                "A Content SID is HX and 32 hexadecimal digits.",
            )
        })?),
    };
    // As it stands: a text may begin or end with a line break.
    let body = fields.text_or_empty("body", LONGEST_TEMPLATE_TEXT)?;
    if shared::text::is_blank(&body) {
        return Err(fields.flaw("body", "give-text", "Nothing can be seen in it."));
    }
    let footer = fields.text_or_empty("footer", 60)?;
    let mut buttons = Vec::new();
    for button in fields.objects("buttons", 10)? {
        button.only(&["kind", "title", "target"])?;
        buttons.push(Button {
            kind: button.word("kind")?,
            title: button.text("title", 25)?,
            target: button.text_or_empty("target", LONGEST_TARGET)?,
        });
    }
    let mut samples: Vec<Sample> = Vec::new();
    for sample in fields.objects("samples", 100)? {
        sample.only(&["name", "value"])?;
        let name = sample.text("name", 16)?;
        if !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
            return Err(sample.flaw(
                "name",
                "rename-variable",
                "A variable has letters, digits and underscores.",
            ));
        }
        if samples.iter().any(|known| known.name == name) {
            return Err(sample.flaw(
                "name",
                "remove-duplicate",
                "There are two samples for one variable.",
            ));
        }
        samples.push(Sample {
            name,
            value: sample.text_or_empty("value", LONGEST_TEMPLATE_TEXT)?,
        });
    }
    Ok(Localization {
        language: language(fields, "language", "-_")?,
        content_sid,
        approval: fields.word("approval")?,
        kind: fields.word("kind")?,
        body,
        footer: (!footer.is_empty()).then_some(footer),
        buttons,
        samples,
    })
}

/// A language tag: two or three letters, then parts of two to eight letters and digits.
fn language(fields: &Fields<'_>, name: &str, separators: &str) -> Result<String, Problem> {
    let tag = fields.text(name, 35)?;
    let mut parts = tag.split(|c| separators.contains(c));
    let first = parts.next().unwrap_or_default();
    let fits = (2..=3).contains(&first.len())
        && first.bytes().all(|b| b.is_ascii_lowercase())
        && parts.all(|part| {
            (2..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
        });
    if !fits {
        return Err(fields.flaw(
            name,
            "give-language-tag",
            "A language is written it, en-GB or pt-BR.",
        ));
    }
    Ok(tag)
}

/// Words by which customers opt out or in.
fn words(fields: &Fields<'_>, name: &str) -> Result<Option<Vec<String>>, Problem> {
    let Some(given) = fields.texts(name, 50)? else {
        return Ok(None);
    };
    let mut words: Vec<String> = Vec::new();
    for (text, place) in given {
        let word = text.trim_matches(shared::text::is_space);
        if word.is_empty() || shared::text::utf16_len(word) > 40 {
            return Err(flaw(&place, "give-word", "A word has 1 to 40 characters."));
        }
        if !words
            .iter()
            .any(|known| known.to_lowercase() == word.to_lowercase())
        {
            words.push(word.into());
        }
    }
    Ok(Some(words))
}

/// Refuses localizations of which two have the same `marks`; `None` marks nothing.
fn unique<'a>(
    fields: &Fields<'_>,
    marks: impl Iterator<Item = Option<&'a str>>,
    detail: &str,
) -> Result<(), Problem> {
    let mut seen: Vec<&str> = Vec::new();
    for mark in marks.flatten() {
        if seen.contains(&mark) {
            return Err(fields
                .flaw("localizations", "remove-duplicate", detail)
                .fact("duplicate", mark));
        }
        seen.push(mark);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
