//! What does a browser load? The static files, with the headers they need.
//!
//! Files named by their content's hash are kept for good; the loader and pages are asked for anew.

use crate::platform;
use worker::Env;
use worker::web_sys::{Request, Response};

/// Serves a static file, asked for by this path.
///
/// # Errors
/// If the platform fails.
pub async fn serve(env: &Env, request: &Request, path: &str) -> worker::Result<Response> {
    // The demo asks for development tokens: in a release it would be a page that cannot work.
    if path.starts_with("/demo") && !cfg!(feature = "simulated-clock") {
        return platform::empty(404);
    }
    let answer = platform::changeable(&platform::asset(env, request).await?)?;
    let headers = answer.headers();
    headers.set("x-content-type-options", "nosniff")?;
    headers.set("referrer-policy", "no-referrer")?;
    if answer.status() == 200 {
        headers.set("cache-control", caching(path))?;
    }
    if path.starts_with("/widget/") {
        // The widget is loaded by pages of other origins.
        headers.set("access-control-allow-origin", "*")?;
        headers.set("cross-origin-resource-policy", "cross-origin")?;
    }
    Ok(answer)
}

/// How long a file may be kept.
fn caching(path: &str) -> &'static str {
    if path.starts_with("/widget/") && is_hashed(path) {
        "public, max-age=31536000, immutable"
    } else if path.starts_with("/widget/") {
        "public, max-age=60"
    } else {
        "no-cache"
    }
}

/// Whether the name ends in `.{hash}.{extension}`, the hash at least eight hexadecimal digits.
fn is_hashed(path: &str) -> bool {
    let mut parts = path.rsplit('.');
    let (_, hash) = (parts.next(), parts.next().unwrap_or_default());
    parts.next().is_some() && hash.len() >= 8 && hash.bytes().all(|b| b.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_named_by_its_content_is_kept_for_good() {
        assert!(caching("/widget/thread.0a1b2c3d.css").contains("immutable"));
        assert!(caching("/widget/locales/en.0a1b2c3d4e.json").contains("immutable"));
        assert_eq!(caching("/widget/finestra.js"), "public, max-age=60");
        assert_eq!(caching("/demo/index.html"), "no-cache");
        assert_eq!(caching("/demo/thread.0a1b2c3d.css"), "no-cache");
    }
}
