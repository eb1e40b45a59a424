//! What is measured? The release build of the edge with one account and one number, and the floor
//! with the same, each in a workerd of its own.

use crate::hosted::Hosted;
use serde_json::{Value, json};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use world::{Claims, Failure, Rest, mint};

/// The account's name in webhooks' paths.
pub(crate) const ACCOUNT: &str = "bench";
/// Twilio's name for it.
pub(crate) const ACCOUNT_SID: &str = "ACbe000000000000000000000000000001";
/// What webhooks are signed with.
pub(crate) const AUTH_TOKEN: &str = "0123456789abcdef0123456789abcdef";
/// The number's name.
pub(crate) const SENDER: &str = "milano";
/// The number.
pub(crate) const NUMBER: &str = "+390200000001";

/// A release takes no known secret: this one lives as long as the run.
const JWT_SECRET: &str = "a secret that signs nothing but a benchmark's tokens";

/// The Workers, set up.
pub(crate) struct Deployment {
    /// The product.
    pub(crate) edge: Hosted,
    /// Another build of the product, to compare.
    pub(crate) other: Option<Hosted>,
    /// The Worker that does no more than it must.
    pub(crate) floor: Hosted,
    /// Where the agent's page is to be served: an origin that the edge allows.
    pub(crate) page_port: u16,
    _folder: Folder,
}

impl Deployment {
    /// Starts all from nothing. `other` is where another build of the edge lies.
    pub(crate) async fn start(other: Option<&Path>) -> Result<Self, Failure> {
        let folder = Folder::create()?;
        let page_port = free_port()?;
        let edge = start_edge(Path::new("target/edge"), "edge", page_port, &folder).await?;
        let other = match other {
            Some(script) => Some(start_edge(script, "other", page_port, &folder).await?),
            None => None,
        };
        let floor = start_floor(&folder).await?;
        Ok(Self {
            edge,
            other,
            floor,
            page_port,
            _folder: folder,
        })
    }

    /// Where the agent's page is served from.
    pub(crate) fn page_origin(&self) -> String {
        page_origin(self.page_port)
    }
}

async fn start_edge(
    script: &Path,
    name: &str,
    page_port: u16,
    folder: &Folder,
) -> Result<Hosted, Failure> {
    let edge = Hosted::start(
        &json!({
            "script": script,
            "site": "target/site",
            "state": folder.0.join(name),
            "port": free_port()?,
            "vars": {
                "ALLOWED_ORIGINS": page_origin(page_port),
                "JWT_SECRET": JWT_SECRET,
                "DEPLOYMENT_KEY": "a naming key that names nothing but a benchmark's threads",
                "TOKEN_KEY": "a sealing key that seals nothing but a benchmark's token",
            },
        }),
        Path::new(&format!("target/bench-{name}.log")),
    )?;
    let rest = Rest::new(&edge.url, token("admin"));
    rest.put(
        &format!("/api/v1/accounts/{ACCOUNT}"),
        &json!({ "name": "Bench", "account_sid": ACCOUNT_SID, "auth_token": AUTH_TOKEN }),
    )
    .await?
    .expect_success()?;
    rest.put(
        &format!("/api/v1/senders/{SENDER}"),
        &json!({ "account": ACCOUNT, "name": "Milano", "number": NUMBER, "language": "it" }),
    )
    .await?
    .expect_success()?;
    Ok(edge)
}

async fn start_floor(folder: &Folder) -> Result<Hosted, Failure> {
    let script = folder.0.join("floor-script");
    std::fs::create_dir_all(&script)?;
    std::fs::copy("tests/bench/floor.mjs", script.join("worker.js"))?;
    let floor = Hosted::start(
        &json!({
            "script": script,
            "site": folder.0.join("no-site"),
            "state": folder.0.join("floor"),
            "port": free_port()?,
        }),
        Path::new("target/bench-floor.log"),
    )?;
    let record = json!({
        "id": ACCOUNT,
        "version": 1,
        "account_sid": ACCOUNT_SID,
        "token": AUTH_TOKEN,
        "active": true,
        "senders": [{ "id": SENDER, "name": "Milano", "number": NUMBER, "language": "it", "margin": 15_000 }],
    });
    Rest::new(&floor.url, String::new())
        .put(&format!("/account/{ACCOUNT}"), &record)
        .await?
        .expect_success()?;
    Ok(floor)
}

/// Another site than the edge's, as a CRM is.
fn page_origin(port: u16) -> String {
    format!("http://localhost:{port}")
}

/// A token good for the whole run.
pub(crate) fn token(role: &str) -> String {
    mint(JWT_SECRET, &Claims::new(role, "Giulia", &["*"], 4 * 3600))
}

fn free_port() -> std::io::Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// Where the Workers' state lies during a run: in memory where the system has a folder for that. The
/// time that this machine's disk takes for a flush is the same for both and would hide what they do
/// themselves.
struct Folder(PathBuf);

impl Folder {
    fn create() -> std::io::Result<Self> {
        let memory = Path::new("/dev/shm");
        let parent = match memory.is_dir() {
            true => memory.to_owned(),
            false => std::env::temp_dir(),
        };
        let path = parent.join(format!("finestra-bench-{}", std::process::id()));
        std::fs::create_dir_all(&path)?;
        Ok(Self(path.canonicalize()?))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _gone_already = std::fs::remove_dir_all(&self.0);
    }
}

/// What `tests/bench/*.mjs` are told, as JSON.
pub(crate) fn settings(deployment: &Deployment) -> Value {
    json!({
        "edge": deployment.edge.url,
        "floor": deployment.floor.url,
        "port": deployment.page_port,
        "origin": deployment.page_origin(),
        "token": token("agent"),
        "account": ACCOUNT,
        "account_sid": ACCOUNT_SID,
        "auth_token": AUTH_TOKEN,
        "sender": SENDER,
        "number": NUMBER,
    })
}
