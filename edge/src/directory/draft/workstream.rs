//! What does the body of a workstream ask for?

use super::{Change, Fields, LONGEST_NAME, Problem, Value};
use crate::directory::setup::Workstream;
use shared::id::WorkstreamId;

/// What `PUT /api/v1/workstreams/{workstream}` asks for.
///
/// # Errors
/// `400` with the field.
pub fn workstream(id: &WorkstreamId, body: &Value) -> Result<Change, Problem> {
    let fields = Fields::of(body)?;
    fields.only(&["name", "distribution", "active"])?;
    Ok(Change::PutWorkstream(Workstream {
        id: id.clone(),
        version: 0,
        name: fields.text("name", LONGEST_NAME)?,
        distribution: fields.word("distribution")?,
        active: fields.flag("active")?.unwrap_or(true),
    }))
}
