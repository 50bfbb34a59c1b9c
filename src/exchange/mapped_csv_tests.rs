use chrono::NaiveDate;

use super::*;
use crate::exchange::board;
use crate::exchange::format;

fn tried(text: &str, kind: Kind, mapping: &[(&str, &str)]) -> Result<Import, ExchangeError> {
    let profile = board::profile();
    let mapping: Vec<(String, String)> = mapping
        .iter()
        .map(|(field, column)| ((*field).to_owned(), (*column).to_owned()))
        .collect();
    let context = Context {
        profile: &profile,
        mapping: &mapping,
        kind: Some(kind),
        as_of: NaiveDate::from_ymd_opt(2026, 11, 20),
    };
    format::read(
        &[("queue.csv".to_owned(), text.as_bytes().to_vec())],
        Some("csv"),
        &context,
    )
}

fn import(text: &str, kind: Kind) -> Import {
    tried(text, kind, &[]).unwrap()
}

fn records(import: &Import, kind: Kind) -> Vec<Value> {
    import
        .items
        .iter()
        .filter(|item| item.kind == kind)
        .map(|item| json!(item.fields))
        .collect()
}

fn rejections(import: &Import) -> Vec<String> {
    import
        .rejected
        .iter()
        .map(|row| format!("{} {}", row.source, row.why))
        .collect()
}

#[test]
fn columns_are_known_by_the_words_people_write_over_them() {
    let import = import(
        "Product;Technology provider;OS;Architecture;Status;Since;Colour\n\
         ARC;NORDUGRID;al9;x86_64;In verification;2026-11-10;red\n",
        Kind::Ticket,
    );
    assert_eq!(
        records(&import, Kind::Ticket),
        [json!({
            "product": "ARC", "provider": "NORDUGRID", "platform": "al9", "arch": "x86_64",
            "state": "verification", "entered": "2026-11-10",
        })]
    );
    assert_eq!(
        import.mapped,
        [
            "1 × state In verification → verification",
            "column Product of queue.csv → product",
            "column Technology provider of queue.csv → provider",
            "column OS of queue.csv → platform",
            "column Architecture of queue.csv → arch",
            "column Status of queue.csv → state",
            "column Since of queue.csv → entered",
            "columns of queue.csv that are not used: Colour",
        ]
    );
    assert_eq!(import.items.len(), 2, "the product comes with its ticket");
}

#[test]
fn an_explicit_mapping_wins_over_the_names() {
    let import = tried(
        "product,module\nwrong,right\n",
        Kind::Product,
        &[("name", "Module")],
    )
    .unwrap();
    assert_eq!(
        records(&import, Kind::Product),
        [json!({ "name": "right" })]
    );
}

#[test]
fn a_ticket_without_entry_is_there_at_least_since_the_day_of_the_source() {
    let import = import(
        "product,state\nARC,\ncanl,DONE / OnGoing\nui,At the sites\n",
        Kind::Ticket,
    );
    let tickets = records(&import, Kind::Ticket);
    assert_eq!(
        tickets[0],
        json!({ "product": "ARC", "state": "unverified", "at_least": true, "entered": "2026-11-20" })
    );
    assert_eq!(tickets[1]["state"], "staged-rollout");
    assert_eq!(tickets[2]["state"], "staged-rollout");
    assert!(
        import
            .mapped
            .iter()
            .any(|line| line == "1 × no state → unverified")
    );
}

#[test]
fn a_row_that_is_wrong_is_rejected_with_what_stands_there() {
    let import = import(
        "product,state,expected,emergency\n\
         ,ready,,\n\
         ARC,sleeping,,\n\
         ARC,ready,06/07/2026,\n\
         ARC,ready,,perhaps\n\
         ARC,ready,2026-12-01,yes\n\
         arc,released,,\n",
        Kind::Ticket,
    );
    assert_eq!(records(&import, Kind::Ticket).len(), 1);
    let said = rejections(&import);
    assert_eq!(said[0], "queue.csv:2 it has no product");
    assert!(
        said[1].starts_with("queue.csv:3 state is \"sleeping\", none of unverified, verification")
    );
    assert_eq!(
        said[2],
        "queue.csv:4 expected is \"06/07/2026\", a day is written YYYY-MM-DD"
    );
    assert_eq!(
        said[3],
        "queue.csv:5 emergency is \"perhaps\", not yes or no"
    );
    assert_eq!(
        said[4],
        "queue.csv:7 arc||| is already the ticket of queue.csv:6"
    );
}

#[test]
fn every_kind_has_its_key_and_its_words() {
    #[track_caller]
    fn check(kind: Kind, text: &str, key: &str, expected: &Value) {
        let import = import(text, kind);
        let item = import.items.iter().find(|item| item.kind == kind).unwrap();
        assert_eq!((item.key.as_str(), &json!(item.fields)), (key, expected));
    }
    check(
        Kind::Submission,
        "product,version,platform,arch,packages\nbdii,6.0.2,al9,x86_64,a.rpm b.rpm\n",
        "bdii|6.0.2",
        &json!({
            "product": "bdii", "version": "6.0.2", "packages": ["a.rpm", "b.rpm"],
            "targets": [{ "platform": "al9", "arch": "x86_64" }],
            "at_least": true, "submitted": "2026-11-20",
        }),
    );
    check(
        Kind::Milestone,
        "Meta-release,Milestone,Title,Due,TSC\nFall26,M3,Alpha,2026-06-30,Review\n",
        "fall26|m3",
        &json!({ "cycle": "Fall26", "code": "M3", "name": "Alpha", "current": "2026-06-30", "committee": "review" }),
    );
    check(
        Kind::Site,
        "Site,Country\nCNAF,IT\n",
        "cnaf",
        &json!({ "name": "CNAF", "country": "IT" }),
    );
    check(
        Kind::Person,
        "name,e-mail,roles\nAlice,a@x.org,manager; verifier\n",
        "alice",
        &json!({ "name": "Alice", "mail": "a@x.org", "roles": ["manager", "verifier"] }),
    );
    check(
        Kind::Lesson,
        "kind,text\n+,Sites answered fast\n",
        "sites answered fast",
        &json!({ "kind": "went-well", "text": "Sites answered fast" }),
    );
    check(
        Kind::Action,
        "what,who,until,status\nTemplate,Bob,2026-12-01,Open\n",
        "template",
        &json!({ "text": "Template", "owner": "Bob", "due": "2026-12-01", "state": "open" }),
    );
}

#[track_caller]
fn refused(text: &str, mapping: &[(&str, &str)], message: &str) -> String {
    let error = tried(text, Kind::Site, mapping).unwrap_err();
    assert_eq!(error.message, message);
    error.hint
}

#[test]
fn a_mapping_that_leads_nowhere_is_answered_with_what_there_is() {
    let table = "place,land\nCNAF,IT\n";
    let hint = refused(
        table,
        &[("colour", "land")],
        "A site has no field \"colour\".",
    );
    assert_eq!(hint, "Its fields are name, country, contact.");
    let hint = refused(
        table,
        &[("name", "town")],
        "queue.csv has no column \"town\".",
    );
    assert_eq!(hint, "Its columns are place, land.");
    let hint = refused(
        table,
        &[],
        "No column of queue.csv is the name of a site; its columns are place, land.",
    );
    assert_eq!(hint, "Say which one it is: `--map name=COLUMN`.");
    refused(
        table,
        &[("name", "place"), ("name", "land")],
        "The field name is mapped twice.",
    );
}

#[test]
fn a_moment_may_name_its_zone() {
    let import = import(
        "cycle,code,due\nF,M1,2026-06-30T12:00:00Z\nF,M2,next week\n",
        Kind::Milestone,
    );
    assert_eq!(
        records(&import, Kind::Milestone)[0]["current"],
        "2026-06-30T12:00:00Z"
    );
    assert_eq!(
        rejections(&import),
        ["queue.csv:3 current is \"next week\", a day is written YYYY-MM-DD"]
    );
}
