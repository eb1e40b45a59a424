//! Where does a request to the API go? Two tables of routes, one for each module of the Worker, and the
//! way to them.

pub mod administration;
pub mod agents;

use crate::auth::caller::Caller;
use crate::auth::jwt;
use crate::http::Ask;
use crate::problem::Problem;
use worker::Env;

/// Methods and paths: what `/api/v1/openapi.json` must describe, no more and no less.
pub type Routes = &'static [(&'static str, &'static str)];

/// What every path begins with.
const ROOT: &str = "/api/v1/";

/// Whether a path is the administration's: its first part is that of a route there.
#[must_use]
pub fn of_administration(path: &str) -> bool {
    let first = |path: &'static str| parts(path).first().copied();
    let asked = parts(path).first().copied();
    let mut routes = administration::TABLE.iter();
    routes.any(|(_, pattern)| first(pattern) == asked)
}

/// Who asks for one of these routes. Every route needs a bearer token.
///
/// # Errors
/// `404` or `405` if there is no such route, `401` without a valid token.
pub fn caller(env: &Env, routes: Routes, ask: &Ask) -> Result<Caller, Problem> {
    if !known(routes, &ask.method, &ask.path) {
        return Err(missing(routes, &ask.path));
    }
    jwt::from_request(env, ask)
}

/// The parts of a path behind the root.
fn parts(path: &str) -> Vec<&str> {
    let rest = path.strip_prefix(ROOT).unwrap_or(path);
    rest.split('/').collect()
}

/// Whether there is a route with this method for this path.
fn known(routes: Routes, method: &str, path: &str) -> bool {
    routes
        .iter()
        .any(|(known, pattern)| *known == method && fits(pattern, path))
}

/// Whether a path fits a pattern, whose parts in braces stand for anything but nothing.
fn fits(pattern: &str, path: &str) -> bool {
    let (mut pattern, mut path) = (pattern.split('/'), path.split('/'));
    loop {
        match (pattern.next(), path.next()) {
            (None, None) => return true,
            (Some(part), Some(given))
                if part == given || (part.starts_with('{') && !given.is_empty()) => {}
            _ => return false,
        }
    }
}

/// No such path: `404`; or not with this method: `405`.
fn missing(routes: Routes, path: &str) -> Problem {
    if routes.iter().any(|(_, pattern)| fits(pattern, path)) {
        Problem::new(405, "method-not-allowed")
    } else {
        Problem::not_found()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_fit_their_patterns() {
        let known = |method, path| known(agents::TABLE, method, path);
        assert!(known("POST", "/api/v1/threads/abc/messages"));
        assert!(!known("POST", "/api/v1/threads//messages"));
        assert!(!known("PATCH", "/api/v1/threads/abc/messages"));
        let status = |path| missing(agents::TABLE, path).status;
        assert_eq!(status("/api/v1/threads"), 405);
        assert_eq!(status("/api/v1/nothing"), 404);
    }

    #[test]
    fn each_route_is_found_in_its_module() {
        let all = |routes: Routes, there| {
            routes
                .iter()
                .all(|(_, path)| of_administration(path) == there)
        };
        assert!(all(administration::TABLE, true));
        assert!(all(agents::TABLE, false));
        assert!(!of_administration("/api/v1/nothing"));
        assert!(!of_administration("/api/v1/"));
    }
}
