//! How is an object's SQLite asked? Statements that are known beforehand, rows as structures by the
//! names of their columns.
//!
//! Always all rows: a cursor that is asked for exactly one hangs the request when there is another
//! number of them. They cross as one text of JSON, since every value that crosses by itself takes
//! its own step; for the same reason a statement's text crosses once in an isolate's life.

#![allow(
    missing_docs,
    reason = "what the attribute expands to is not documented"
)]

use crate::json;
use serde::de::DeserializeOwned;
use std::cell::RefCell;
use worker::js_sys::{Array, JSON, JsString};
use worker::wasm_bindgen::prelude::wasm_bindgen;
use worker::wasm_bindgen::{JsCast, JsValue};
use worker::{Result, SqlStorage, SqlStorageValue as Value};

#[wasm_bindgen(wasm_bindgen = worker::wasm_bindgen, js_sys = worker::js_sys)]
extern "C" {
    type Sql;
    #[wasm_bindgen(method, catch, variadic)]
    fn exec(
        this: &Sql,
        statement: &JsString,
        values: Vec<JsValue>,
    ) -> std::result::Result<Cursor, JsValue>;

    type Cursor;
    #[wasm_bindgen(method, catch, js_name = toArray)]
    fn all(this: &Cursor) -> std::result::Result<Array, JsValue>;
    #[wasm_bindgen(method, getter, js_name = rowsWritten)]
    fn written(this: &Cursor) -> f64;
}

thread_local! {
    /// Statements that have crossed.
    static STATEMENTS: RefCell<Vec<(&'static str, JsString)>> = const { RefCell::new(Vec::new()) };
}

/// An object's database.
pub struct Database(Sql);

impl Database {
    /// The database of an object.
    #[must_use]
    pub fn of(storage: &SqlStorage) -> Self {
        let sql: &JsValue = storage.as_ref();
        Self(sql.clone().unchecked_into())
    }

    fn exec(&self, statement: &'static str, values: Vec<Value>) -> Result<Cursor> {
        let values = values.into_iter().map(crossed).collect();
        Ok(self.0.exec(&stated(statement), values)?)
    }

    /// Runs a statement. Whether it wrote anything.
    ///
    /// # Errors
    /// If SQL fails.
    pub fn run(&self, statement: &'static str, values: Vec<Value>) -> Result<bool> {
        Ok(self.exec(statement, values)?.written() > 0.0)
    }

    /// The rows that a query finds.
    ///
    /// # Errors
    /// If SQL fails, or a row is not what is wanted.
    pub fn rows<T: DeserializeOwned>(
        &self,
        query: &'static str,
        values: Vec<Value>,
    ) -> Result<Vec<T>> {
        let found = self.exec(query, values)?.all()?;
        if found.length() == 0 {
            return Ok(Vec::new());
        }
        let text = String::from(JSON::stringify(&found)?);
        Ok(json::read(&text)?)
    }
}

/// The statement as JavaScript has it.
fn stated(statement: &'static str) -> JsString {
    let known = STATEMENTS.with_borrow(|statements| {
        let found = statements
            .iter()
            .find(|(known, _)| core::ptr::eq(*known, statement));
        found.map(|(_, text)| text.clone())
    });
    known.unwrap_or_else(|| {
        let text = JsString::from(statement);
        STATEMENTS.with_borrow_mut(|statements| statements.push((statement, text.clone())));
        text
    })
}

fn crossed(value: Value) -> JsValue {
    match value {
        Value::Null | Value::Blob(_) => JsValue::NULL,
        Value::Boolean(value) => value.into(),
        // Milliseconds and counters: far below 2^53, where JavaScript's numbers are exact.
        #[allow(clippy::cast_precision_loss)]
        Value::Integer(number) => JsValue::from_f64(number as f64),
        Value::Float(number) => number.into(),
        Value::String(text) => JsValue::from_str(&text),
    }
}
