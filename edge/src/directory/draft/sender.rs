//! What does the body of a number ask for?

use super::{Change, Fields, LONGEST_NAME, Problem, Value, flaw, given, language};
use crate::directory::rules::{SenderDraft, SettingsDraft};
use crate::directory::settings::{Attachments, Behaviours, LanguageWords};
use shared::address::CustomerAddress;
use shared::consent::same_in_any_case;
use shared::id::{AccountId, SenderId, WorkstreamId};
use shared::policy::Sender;
use shared::time::{Span, Timestamp};
use shared::window::{DEFAULT_MARGIN, LONGEST_MARGIN};

/// The latest time that is taken for one: the year 9999.
const END_OF_TIME: i64 = 253_402_300_799_999;

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
        "words",
        "workstream",
        "attachments",
        "behaviours",
        "recover_from",
        "sandbox",
        "active",
        // What is told besides may stand there: so what was read can be changed and put back.
        "id",
        "version",
        "usable",
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
    let settings = settings(&fields, &language)?;
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
        settings,
    }))
}

/// What is to be set besides.
fn settings(fields: &Fields<'_>, language: &str) -> Result<SettingsDraft, Problem> {
    let workstream = given(fields, "workstream", |fields| {
        let name = fields.text("workstream", LONGEST_NAME)?;
        WorkstreamId::parse(&name).ok_or_else(|| {
            fields.flaw(
                "workstream",
                "choose-workstream",
                "There is no workstream of this name.",
            )
        })
    })?;
    let attachments = flags(fields, "attachments", ["customers", "agents"])?
        .map(|[customers, agents]| Attachments { customers, agents });
    let occasions = ["automated_messages", "templates", "survey"];
    let behaviours =
        flags(fields, "behaviours", occasions)?.map(|[automated_messages, templates, survey]| {
            Behaviours {
                automated_messages,
                templates,
                survey,
            }
        });
    let recover_from = given(fields, "recover_from", |fields| {
        let at = fields.integer("recover_from", 0, END_OF_TIME)?;
        Ok(Timestamp(at.unwrap_or_default()))
    })?;
    let sandbox = given(fields, "sandbox", |fields| {
        let parts = fields.object("sandbox")?;
        parts.only(&["join_code"])?;
        let code = parts.text("join_code", 60)?;
        // What is copied from Twilio's console often has the word before it.
        Ok(code.strip_prefix("join ").unwrap_or(&code).trim().into())
    })?;
    Ok(SettingsDraft {
        workstream,
        words: words(fields, language)?,
        attachments,
        behaviours,
        recover_from,
        sandbox,
    })
}

/// An object of yes and no; what is left out of it is no.
fn flags<const N: usize>(
    fields: &Fields<'_>,
    name: &str,
    names: [&str; N],
) -> Result<Option<[bool; N]>, Problem> {
    let Some(parts) = fields.optional_object(name)? else {
        return Ok(None);
    };
    parts.only(&names)?;
    let mut flags = [false; N];
    for (flag, name) in flags.iter_mut().zip(names) {
        *flag = parts.flag(name)?.unwrap_or(false);
    }
    Ok(Some(flags))
}

/// The words of all languages, from `words` or, in the number's own language, from the two flat lists.
/// What one language opts out by, no other opts in by.
fn words(fields: &Fields<'_>, language: &str) -> Result<Option<Vec<LanguageWords>>, Problem> {
    let mut all: Vec<LanguageWords> = Vec::new();
    if let Some(by_language) = fields.optional_object("words")? {
        for tag in by_language.names() {
            if !super::is_tag(tag, "-") {
                return Err(super::no_tag(&by_language, tag));
            }
            let parts = by_language.object(tag)?;
            parts.only(&["opt_out", "opt_in"])?;
            all.push(LanguageWords {
                language: tag.into(),
                opt_out: list(&parts, "opt_out")?.unwrap_or_default(),
                opt_in: list(&parts, "opt_in")?.unwrap_or_default(),
            });
        }
    } else {
        let flat = (
            list(fields, "opt_out_words")?,
            list(fields, "opt_in_words")?,
        );
        if flat == (None, None) {
            return Ok(None);
        }
        let usual = shared::consent::ConsentWords::default();
        all.push(LanguageWords {
            language: language.into(),
            opt_out: flat.0.unwrap_or(usual.opt_out),
            opt_in: flat.1.unwrap_or(usual.opt_in),
        });
    }
    let opts_out = |word: &String| {
        let same = |out: &String| same_in_any_case(out, word);
        all.iter().any(|other| other.opt_out.iter().any(same))
    };
    if let Some(both) = all.iter().find(|one| one.opt_in.iter().any(opts_out)) {
        let (place, detail) = (&both.language, "A word cannot both opt in and opt out.");
        return Err(if fields.has("words") {
            fields
                .object("words")?
                .object(place)?
                .flaw("opt_in", "remove-word", detail)
        } else {
            fields.flaw("opt_in_words", "remove-word", detail)
        });
    }
    Ok(Some(all))
}

/// Words by which customers opt out or in.
fn list(fields: &Fields<'_>, name: &str) -> Result<Option<Vec<String>>, Problem> {
    let Some(given) = fields.texts(name, 50)? else {
        return Ok(None);
    };
    let mut words: Vec<String> = Vec::new();
    for (text, place) in given {
        let word = text.trim_matches(shared::text::is_space);
        if word.is_empty() || shared::text::utf16_len(word) > 40 {
            return Err(flaw(&place, "give-word", "A word has 1 to 40 characters."));
        }
        if !words.iter().any(|known| same_in_any_case(known, word)) {
            words.push(word.into());
        }
    }
    Ok(Some(words))
}
