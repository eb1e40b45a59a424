//! Does the document say what the code does?

use super::DOCUMENT;
use crate::auth::jwt::TokenError;
use crate::routes::{administration, agents};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

type Set = BTreeSet<String>;

fn document() -> Value {
    crate::json::read(DOCUMENT).unwrap()
}

/// Every operation with its method and path.
fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let paths = document["paths"].as_object().unwrap().iter();
    let operations = paths.flat_map(|(path, item)| {
        let item = item.as_object().unwrap().iter();
        item.map(move |(method, operation)| {
            (method.to_uppercase(), path.clone(), operation.clone())
        })
    });
    operations.collect()
}

/// Every object within `value`, itself included.
fn walk(value: &Value, visit: &mut impl FnMut(&serde_json::Map<String, Value>)) {
    match value {
        Value::Object(map) => {
            visit(map);
            map.values().for_each(|value| walk(value, visit));
        }
        Value::Array(items) => items.iter().for_each(|value| walk(value, visit)),
        _ => {}
    }
}

fn resolve<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let Some(reference) = value["$ref"].as_str() else {
        return value;
    };
    let found = document.pointer(reference.trim_start_matches('#'));
    found.unwrap_or_else(|| panic!("{reference} leads nowhere"))
}

#[test]
fn it_describes_every_route_and_no_other() {
    let described: Set = operations(&document())
        .into_iter()
        .map(|(method, path, _)| format!("{method} {path}"))
        .collect();
    let routed: Set = (administration::TABLE.iter())
        .chain(agents::TABLE)
        .map(|(method, path)| format!("{method} {path}"))
        .collect();
    assert_eq!(described, routed);
}

#[test]
fn every_reference_leads_somewhere_and_every_component_is_used() {
    let document = document();
    let mut used = Set::new();
    walk(&document, &mut |map| {
        if let Some(reference) = map.get("$ref") {
            resolve(&document, &Value::Object(map.clone()));
            used.insert(reference.as_str().unwrap().into());
        }
    });
    let components = document["components"].as_object().unwrap().iter();
    let there: Set = components
        .filter(|(kind, _)| *kind != "securitySchemes")
        .flat_map(|(kind, all)| {
            all.as_object()
                .unwrap()
                .keys()
                .map(move |name| format!("#/components/{kind}/{name}"))
        })
        .collect();
    assert_eq!(there, used);
}

#[test]
fn every_operation_is_complete() {
    let document = document();
    let mut names = Set::new();
    for (method, path, operation) in operations(&document) {
        let name = operation["operationId"].as_str().unwrap();
        assert!(names.insert(name.into()), "{name} is there twice");
        for field in ["summary", "description", "tags"] {
            assert!(!operation[field].is_null(), "{name} has no {field}");
        }
        let responses = operation["responses"].as_object().unwrap();
        assert!(
            responses.contains_key("401") && responses.contains_key("503"),
            "{name} lacks an answer"
        );
        assert_eq!(
            operation["requestBody"].is_null(),
            method == "GET" || method == "DELETE",
            "{name}: body"
        );
        let empty = vec![];
        let parameters: Set = operation["parameters"]
            .as_array()
            .unwrap_or(&empty)
            .iter()
            .map(|parameter| resolve(&document, parameter))
            .filter(|parameter| parameter["in"] == "path")
            .map(|parameter| parameter["name"].as_str().unwrap().to_string())
            .collect();
        let parts: Set = path
            .split('/')
            .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
            .map(str::to_string)
            .collect();
        assert_eq!(parameters, parts, "{name}: parameters of the path");
    }
}

#[test]
fn it_lists_every_problem_code_and_no_other() {
    let document = document();
    let listed = document
        .pointer("/components/schemas/Problem/properties/code/enum")
        .unwrap();
    let listed: Set = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|code| code.as_str().unwrap().into())
        .collect();
    assert_eq!(listed, codes());
}

/// Every problem code that a caller of the API can be told.
fn codes() -> Set {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/src");
    let mut codes = Set::new();
    gather(&source, &mut codes);
    codes.extend(TokenError::ALL.map(|error| error.code().to_string()));
    let refusals = fs::read_to_string(shared.join("policy/refusal.rs")).unwrap();
    let (_, refusals) = refusals.split_once("impl Refusal {").unwrap();
    codes.extend(after(refusals, "=> \""));
    let addresses = fs::read_to_string(shared.join("address.rs")).unwrap();
    codes.extend(after(&addresses, "=> \"").filter(|code| code.starts_with("address-")));
    // Between objects only: a caller is sent on.
    codes.remove("moved");
    // Of sockets, which the document does not describe.
    codes.remove("upgrade-required");
    codes
}

/// The codes that the sources of the API and of what it asks make problems of. Twilio's webhooks and the
/// console are no part of it.
fn gather(folder: &Path, codes: &mut Set) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() && !["webhook", "console"].contains(&name) {
            gather(&path, codes);
        } else if name.ends_with(".rs") && name != "tests.rs" {
            let text = fs::read_to_string(&path).unwrap();
            let text = text.split("#[cfg(test)]").next().unwrap();
            let calls = text
                .split("Problem::new(")
                .skip(1)
                .chain(text.split("Self::new(").skip(1));
            codes.extend(calls.filter_map(literal_code));
        }
    }
}

/// The code in `409, "code")…`, the arguments of a problem's constructor.
fn literal_code(arguments: &str) -> Option<String> {
    let (status, rest) = arguments.split_once(", \"")?;
    let is_status = status.len() == 3 && status.bytes().all(|b| b.is_ascii_digit());
    rest.split('"')
        .next()
        .filter(|_| is_status)
        .map(str::to_string)
}

/// What follows each `mark` up to the next quotation mark.
fn after<'a>(text: &'a str, mark: &'a str) -> impl Iterator<Item = String> + 'a {
    text.split(mark)
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .map(str::to_string)
}

/// The names of a schema's properties.
fn properties(schema: &str) -> Set {
    let document = document();
    let schema = &document["components"]["schemas"][schema];
    schema["properties"]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect()
}

fn fields<T: serde::Serialize>(value: &T) -> Set {
    serde_json::to_value(value)
        .unwrap()
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect()
}

#[test]
fn its_schemas_have_the_fields_of_what_is_told() {
    use shared::address::CustomerAddress;
    use shared::id::SenderId;
    use shared::policy::Sender;
    use shared::session::Session;
    use shared::thread::Thread;
    use shared::window::DEFAULT_MARGIN;

    let sender = Sender {
        id: SenderId::trusted("milano"),
        name: "Milano".into(),
        number: "+390212345678".into(),
        language: "it".into(),
        margin: DEFAULT_MARGIN,
        active: true,
        templates: vec![],
    };
    let thread = Thread::new(sender.id.clone(), CustomerAddress::trusted("+393471234567"));
    assert_eq!(
        properties("Session"),
        fields(&Session::of(&thread, &sender))
    );
    let delivery = shared::delivery::Delivery::default();
    assert_eq!(properties("Delivery"), fields(&delivery));
    let problem = crate::problem::Problem::new(400, "x")
        .because("y")
        .remedy("z")
        .fact("a", 1)
        .document();
    assert_eq!(properties("Problem"), fields(&problem));
    assert_eq!(
        properties("Value"),
        fields(&shared::template::Value::default())
    );
    assert_eq!(
        properties("Account"),
        fields(&crate::api::accounts::tests::told())
    );
    assert_eq!(
        properties("Sender"),
        fields(&crate::api::senders::tests::told())
    );
    assert_eq!(
        properties("Template"),
        fields(&crate::api::templates::tests::told())
    );
}
