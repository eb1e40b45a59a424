//! Who may come in? By a session's cookie, or by Cloudflare Access. And whose form is this?
//!
//! Browsers send a cookie that is `SameSite=Strict` with nothing that another site began, and tell by
//! `Sec-Fetch-Site` who did; every form carries a token of its session besides.

use super::client::Visit;
use super::desk::Desk;
use super::form::{Form, Kind};
use super::page::{Act, Block, Page, Section};
use super::session::{self, SessionKey};
use super::{federation, render, serve, trouble, upload, words};
use crate::auth::caller::{Caller, Role};
use crate::auth::jwt;
use crate::http::{Answer, Ask};
use crate::problem::Problem;
use crate::{clock, config};
use worker::Env;

/// Where one signs in.
const SIGN_IN: &str = "/admin/sign-in";

/// Somebody who is in.
struct Inside {
    caller: Caller,
    /// What the tokens in their forms are bound to.
    bound: String,
    /// Whether that is a session of ours.
    session: bool,
}

/// Lets in who may come in, and answers everybody.
pub async fn open(env: &Env, ask: &Ask) -> Answer {
    let mut desk = match stranger(env, ask).await {
        Ok(desk) => desk,
        Err(problem) => return problem.into(),
    };
    let key = match SessionKey::from_env(env) {
        Ok(key) => key,
        Err(error) => return trouble(&desk, &Problem::from(error)),
    };
    let sends = ask.method == "POST";
    if sends {
        let declared = ask.header("content-type").unwrap_or_default();
        match upload::read(declared, &ask.body) {
            Some(form) => desk.form = form,
            None => return trouble(&desk, &Problem::new(400, "form-unreadable")),
        }
    } else if ask.method != "GET" {
        return trouble(&desk, &Problem::new(405, "method-not-allowed"));
    }
    if ask.path == SIGN_IN {
        return sign_in(env, ask, &key, &desk, sends);
    }
    let inside = match inside(env, ask, &key).await {
        Ok(Some(inside)) => inside,
        Ok(None) => return knock(ask, &desk, sends),
        Err(problem) => return trouble(&desk, &problem),
    };
    if !matches!(inside.caller.role, Role::Admin | Role::Supervisor) {
        return trouble(&desk, &Problem::new(403, "role"));
    }
    if sends && !(ours(env, ask) && key.form_token_fits(&inside.bound, &desk.typed("csrf"))) {
        return trouble(&desk, &Problem::new(403, "form-token"));
    }
    if ask.path == "/admin/sign-out" && sends {
        let mut answer = super::go(SIGN_IN);
        answer.headers.push(("set-cookie", session::cookie("")));
        return answer;
    }
    desk.csrf = key.form_token(&inside.bound);
    desk.session = inside.session;
    desk.caller = Some(inside.caller);
    if sends && !desk.admin() {
        return trouble(&desk, &Problem::new(403, "role"));
    }
    serve(&mut Visit { env, desk }, sends).await
}

/// A visitor of whom nothing is known yet but the language.
async fn stranger(env: &Env, ask: &Ask) -> Result<Desk, Problem> {
    let wanted = ask.parameter("lang").unwrap_or_default();
    let cookies = ask.header("cookie").unwrap_or_default();
    let chosen = if wanted.is_empty() {
        session::sent(cookies, session::LANGUAGE)
    } else {
        &wanted
    };
    let accepted = ask.header("accept-language").unwrap_or_default();
    Ok(Desk {
        words: words::load(env, words::choose(chosen, accepted)).await?,
        path: ask.path.clone(),
        query: shared::twilio::form::parse(ask.query.as_bytes()).unwrap_or_default(),
        chance: chance(),
        ..Desk::default()
    })
}

/// Four characters that nobody chose.
fn chance() -> String {
    let mut bytes = [0; 4];
    if getrandom::fill(&mut bytes).is_err() {
        return String::new();
    }
    let letter = |byte: u8| char::from_digit(u32::from(byte) % 36, 36).unwrap_or('x');
    bytes.into_iter().map(letter).collect()
}

/// Who is in, if anybody is.
async fn inside(env: &Env, ask: &Ask, key: &SessionKey) -> Result<Option<Inside>, Problem> {
    let cookie = session::sent(ask.header("cookie").unwrap_or_default(), session::COOKIE);
    if let Ok(caller) = key.open(cookie, clock::wall()) {
        return Ok(Some(Inside {
            caller,
            bound: cookie.into(),
            session: true,
        }));
    }
    let Some(caller) = federation::caller(env, ask).await? else {
        return Ok(None);
    };
    let bound = ["access ", caller.id.as_str()].concat();
    Ok(Some(Inside {
        caller,
        bound,
        session: false,
    }))
}

/// Whether the form was sent by a page of ours, as far as the browser says. `null` is what it says for
/// pages without a referrer, which ours are.
fn ours(env: &Env, ask: &Ask) -> bool {
    let site = ask.header("sec-fetch-site").unwrap_or("same-origin");
    let origin = ask.header("origin").unwrap_or("null");
    let own = ask.url.strip_prefix(origin);
    let same = own.is_some_and(|rest| rest.starts_with('/')) || origin == config::public_url(env);
    site == "same-origin" && (origin == "null" || same)
}

/// Nobody is in. Who came from another site may be all the same: their cookie stayed behind, and comes
/// along once a page of ours leads on. Everybody else signs in.
fn knock(ask: &Ask, desk: &Desk, sends: bool) -> Answer {
    if !sends && ask.header("sec-fetch-site") == Some("cross-site") {
        return lead_on(desk, &ask.path);
    }
    if sends {
        return trouble(desk, &Problem::new(401, "session-over"));
    }
    super::go(SIGN_IN)
}

/// A page that leads on by itself.
fn lead_on(desk: &Desk, to: &str) -> Answer {
    let mut page = Page {
        title: desk.say("sign-in.onward").into(),
        onward: to.into(),
        ..Page::default()
    };
    let act = Act::link(to, desk.say("sign-in.continue"));
    page.acts.push(act.look("first"));
    render::answer(&page, desk)
}

/// `GET` and `POST /admin/sign-in`: a token of the CRM's backend for a session. It may be sent from a
/// page of the CRM, so no token of ours is asked for: who has this one may come in.
fn sign_in(env: &Env, ask: &Ask, key: &SessionKey, desk: &Desk, sends: bool) -> Answer {
    let problem = if sends {
        match jwt::from_token(env, desk.typed("token").trim()) {
            Ok(caller) if matches!(caller.role, Role::Admin | Role::Supervisor) => {
                return let_in(desk, &key.issue(&caller, clock::wall()));
            }
            Ok(_) => return trouble(desk, &Problem::new(403, "role")),
            Err(problem) => Some(problem.fact("field", "token")),
        }
    } else {
        None
    };
    let mut page = Page {
        title: desk.say("sign-in").into(),
        lead: desk.say("sign-in.lead").into(),
        ..Page::default()
    };
    let mut form = Form::new(desk, "sign-in", desk.say("sign-in"));
    form.action = SIGN_IN.into();
    form.open = true;
    form.add(desk, Kind::Secret, "token", "sign-in.token", "");
    let mut section = Section::default();
    section.blocks.push(Block::Form(Box::new(form)));
    page.sections.push(section);
    if let Some(problem) = problem {
        super::form::tell(&mut page, desk, &problem);
        if ask.header("sec-fetch-site") == Some("cross-site") {
            // The CRM's own form: the visitor has typed nothing here.
            page.flaws.truncate(1);
        }
    }
    render::answer(&page, desk)
}

/// Sets the cookie. A redirect would still count as begun by the CRM's page, and the cookie would stay
/// behind; so a page of ours leads on.
fn let_in(desk: &Desk, session: &str) -> Answer {
    let mut answer = lead_on(desk, "/admin");
    answer
        .headers
        .push(("set-cookie", session::cookie(session)));
    answer
}

/// `GET /development/sign-in?role=&lang=`: a session for the asking.
#[cfg(feature = "simulated-clock")]
pub fn development(env: &Env, ask: &Ask) -> Result<Answer, Problem> {
    use crate::auth::caller::Scope;
    let role = match ask.parameter("role").as_deref() {
        Some("supervisor") => Role::Supervisor,
        Some("agent") => Role::Agent,
        _ => Role::Admin,
    };
    let name = ask.parameter("name").unwrap_or_else(|| "Ada".into());
    let caller = Caller {
        id: shared::id::AgentId::trusted(name.to_lowercase()),
        name,
        role,
        senders: Scope::All,
        customers: None,
        expires: clock::wall(),
    };
    let session = SessionKey::from_env(env)?.issue(&caller, clock::wall());
    let to = match ask.parameter("lang") {
        Some(lang) => ["/admin?lang=", words::choose(&lang, "")].concat(),
        None => "/admin".into(),
    };
    let mut answer = super::go(&to);
    answer
        .headers
        .push(("set-cookie", session::cookie(&session)));
    Ok(answer)
}
