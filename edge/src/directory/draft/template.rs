//! What does the body of a template ask for?

use super::{Change, Fields, LONGEST_NAME, Problem, Value, flaw, language};
use crate::directory::setup::TemplateEntry;
use shared::id::{ContentSid, SenderId, TemplateId};
use shared::template::{Button, Localization, Template, Value as Sample};
use shared::text::LONGEST_TEMPLATE_TEXT;

/// The longest target of a button: an address.
const LONGEST_TARGET: usize = 2_000;

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
        "active",
        // What is told besides may stand there: so what was read can be changed and put back.
        "id",
        "version",
        "source",
        "vanished_at",
        "uses",
    ])?;
    let mut localizations = Vec::new();
    for localization in fields.objects("localizations", 100)? {
        localizations.push(self::localization(&localization)?);
    }
    let localizations = crate::order::by(localizations, |one: &Localization| &one.language);
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
    let mut senders = crate::order::by(senders, SenderId::as_str);
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
        active: fields.flag("active")?.unwrap_or(true),
        source: None,
        remarks: Vec::new(),
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
        "rejection_reason",
        "usable",
        "why",
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
