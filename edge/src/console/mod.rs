//! What does an administrator see? The console at `/admin`: pages rendered here, plain forms, and the
//! REST API behind them.
//!
//! A request ends in a page, in a redirect to the page that shows what was done, or in a file. A form
//! whose flaw the API tells is shown again with what was typed and the flaw at its field.

pub mod client;
pub mod desk;
pub mod door;
pub mod form;
pub mod look;
pub mod page;
pub mod render;
pub mod session;
pub mod upload;
pub mod words;

mod account_pages;
mod account_setup;
mod accounts;
mod audit;
mod configuration;
mod ending;
mod federation;
mod home;
mod numbers;
mod sandboxes;
mod template_edit;
mod template_list;
mod template_text;
mod templates;
mod workstream_setup;
mod workstreams;

use crate::http::{Answer, Ask};
use crate::problem::Problem;
use client::{Next, Visit, When};
use desk::Desk;
use page::{Act, Notice, Page};
use serde_json::Value;
use worker::Env;

/// The longest form, in bytes: a configuration of a large deployment fits.
pub const LONGEST_BODY: usize = 2 * 1024 * 1024;

/// Answers a request below `/admin`.
pub async fn answer(env: &Env, ask: &Ask) -> Answer {
    let mut answer = door::open(env, ask).await;
    if ask.parameter("lang").is_some() {
        let lang = words::choose(&ask.parameter("lang").unwrap_or_default(), "");
        answer.headers.push(("set-cookie", session::language(lang)));
    }
    answer
}

/// Answers somebody who has come in.
pub(crate) async fn serve(visit: &mut Visit<'_>, sends: bool) -> Answer {
    let whole = visit.desk.path.clone();
    let path: Vec<&str> = (whole.trim_start_matches("/admin").split('/'))
        .filter(|part| !part.is_empty())
        .collect();
    if !sends {
        if let Some(file) = file(visit, &path).await {
            return file;
        }
        return match show(visit, &path).await {
            Ok(mut page) => {
                confirm(&mut page, &visit.desk);
                render::answer(&page, &visit.desk)
            }
            Err(problem) => trouble(&visit.desk, &problem),
        };
    }
    let problem = match act(visit, &path).await {
        Ok(Next::Go(to)) => return go(&to),
        // It was carried out above.
        Ok(Next::Do(_)) => return go("/admin"),
        Ok(Next::Show(page)) => return render::answer(&page, &visit.desk),
        Err(problem) => problem,
    };
    if matches!(problem.status, 401 | 403) {
        return trouble(&visit.desk, &problem);
    }
    visit.desk.conflict = problem.code == "changed-meanwhile";
    match show(visit, &path).await {
        Ok(mut page) => {
            form::tell(&mut page, &visit.desk, &problem);
            render::answer(&page, &visit.desk)
        }
        // Not even the page can be shown, so what was wrong with what was sent matters no more.
        Err(problem) => trouble(&visit.desk, &problem),
    }
}

/// The page at a path.
async fn show(visit: &Visit<'_>, path: &[&str]) -> Result<Page, Problem> {
    match path {
        [] => home::show(visit).await,
        ["accounts", rest @ ..] => accounts::show(visit, rest).await,
        ["numbers", rest @ ..] => numbers::show(visit, rest).await,
        ["workstreams", rest @ ..] => workstreams::show(visit, rest).await,
        ["templates", rest @ ..] => templates::show(visit, rest).await,
        ["sandboxes"] => sandboxes::show(visit).await,
        ["audit"] => audit::show(visit).await,
        ["configuration"] => Ok(configuration::show(&visit.desk)),
        _ => Err(Problem::not_found()),
    }
}

/// Does what a form of the page at a path asks for.
async fn act(visit: &Visit<'_>, path: &[&str]) -> Result<Next, Problem> {
    let desk = &visit.desk;
    let next = match path {
        ["templates", "write"] => template_edit::hand_in(visit).await?,
        ["configuration"] => configuration::act(visit).await?,
        ["sandboxes"] => sandboxes::act(desk)?,
        [kind, rest @ ..] => {
            // What is edited, as it is now.
            let family = if *kind == "numbers" { "senders" } else { kind };
            let current = match rest.first() {
                None | Some(&"new") => Value::Null,
                Some(id) => visit.get(&[family, "/", id].concat()).await?,
            };
            match (*kind, rest) {
                ("accounts", _) => accounts::act(desk, rest, &current)?,
                ("numbers", _) => numbers::act(desk, rest, &current)?,
                ("workstreams", [_, "whatsapp"]) => {
                    let senders = visit.get("senders").await?;
                    workstream_setup::step(desk, &current, look::list(&senders, "senders"))?
                }
                ("workstreams", _) => workstreams::act(desk, rest, &current)?,
                ("templates", _) => templates::act(desk, rest, &current)?,
                _ => return Err(Problem::not_found()),
            }
        }
        [] => return Err(Problem::not_found()),
    };
    match next {
        Next::Do(deed) => visit.carry_out(deed).await,
        other => Ok(other),
    }
}

/// A file to keep, if one is asked for.
async fn file(visit: &Visit<'_>, path: &[&str]) -> Option<Answer> {
    let (api, name) = match path {
        ["audit.csv"] => (["audit.csv?", &audit::query(&visit.desk)].concat(), ""),
        ["configuration", "export"] => ("configuration".into(), "finestra-configuration.json"),
        _ => return None,
    };
    let answer = visit.ask("GET", &api, None, When::Always).await;
    Some(match answer {
        Ok(mut file) => {
            if !name.is_empty() {
                let kept = ["attachment; filename=\"", name, "\""].concat();
                file.headers.push(("content-disposition", kept));
            }
            render::guard(&mut file);
            file
        }
        Err(problem) => trouble(&visit.desk, &problem),
    })
}

/// Says what was done, by the code that the redirect carried. Other codes say nothing.
fn confirm(page: &mut Page, desk: &Desk) {
    let code = desk.asked("done");
    let words = desk.words.of(&["done.", code].concat());
    if !words.is_empty() {
        page.notices.push(Notice::new("good", "", words));
    }
    let failed = desk.words.of(&["problem.", desk.asked("failed")].concat());
    if !failed.is_empty() {
        page.notices
            .push(Notice::new("bad", desk.say("stored-only"), failed));
    }
}

/// The page of something that cannot be shown or may not be done.
pub(crate) fn trouble(desk: &Desk, problem: &Problem) -> Answer {
    let mut page = Page {
        status: problem.status,
        title: desk.words.code("trouble.", trouble_word(problem)).into(),
        lead: desk.words.problem(problem),
        ..Page::default()
    };
    let home = Act::link("/admin", desk.say("trouble.home"));
    page.acts.push(home);
    render::answer(&page, desk)
}

fn trouble_word(problem: &Problem) -> &'static str {
    match problem.status {
        401 | 403 => "forbidden",
        404 => "missing",
        _ => "failed",
    }
}

/// A redirect that turns a sent form into a page that can be loaded again.
pub(crate) fn go(to: &str) -> Answer {
    let mut answer = Answer::empty(303);
    answer.headers.push(("location", to.into()));
    render::guard(&mut answer);
    answer
}
