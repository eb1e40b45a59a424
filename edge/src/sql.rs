//! How do rows come out of an object's SQLite? As structures, by the names of their columns.
//!
//! Always all rows: a cursor that is asked for exactly one hangs the request when there is another
//! number of them.

use crate::json;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use worker::{Result, SqlCursor, SqlStorageValue};

/// The rows that a query found.
///
/// # Errors
/// If a row is not what is wanted.
pub fn rows<T: DeserializeOwned>(found: &SqlCursor) -> Result<Vec<T>> {
    let mut structures = Vec::new();
    for row in objects(found)? {
        structures.push(json::structure(row)?);
    }
    Ok(structures)
}

/// The rows as JSON objects.
fn objects(found: &SqlCursor) -> Result<Vec<Value>> {
    let columns = found.column_names();
    let mut objects = Vec::new();
    for row in found.raw() {
        let fields: Map<String, Value> = columns
            .iter()
            .cloned()
            .zip(row?.into_iter().map(value))
            .collect();
        objects.push(Value::Object(fields));
    }
    Ok(objects)
}

fn value(cell: SqlStorageValue) -> Value {
    match cell {
        SqlStorageValue::Null | SqlStorageValue::Blob(_) => Value::Null,
        SqlStorageValue::Boolean(value) => value.into(),
        SqlStorageValue::Integer(number) => number.into(),
        // Whole numbers are no fractions here, whatever JavaScript makes of them.
        #[allow(clippy::cast_possible_truncation)]
        SqlStorageValue::Float(number) if number.fract() == 0.0 => (number as i64).into(),
        SqlStorageValue::Float(number) => number.into(),
        SqlStorageValue::String(text) => text.into(),
    }
}
