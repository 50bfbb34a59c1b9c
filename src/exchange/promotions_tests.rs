use super::*;
use crate::exchange::{board, format};

/// Rows of `egi_umd_promotions.csv`, and some that say too little.
const MERGES: &str = "\
merged_at,pull_request,repository_stage,umd_major,product,version,platform,branch
2024-02-23T14:34:00Z,50,testing,4,frontier-squid,5.9.2,,UMD4-frontier-squid-5.9.2
2024-03-05T15:50:12Z,53,production,4,frontier-squid,5.9.2,,UMD4-frontier-squid-5.9.2
2024-05-08T17:32:29+01:00,84,testing,5,frontier-squid,5.9.2,,UDM5-frontiersquid5.9.2
2024-09-27T10:51:00+01:00,116,production,5,egi-cvmfs,6.8.29,el9,UMD-5-egi-cvmfd-6.8.29-el9
2024-03-15T10:18:47Z,63,testing,4,gfal,2.22.1,,UMD4-gfal2.22.1
2024-10-14T15:40:03,131,production,5,lcmaps,16.6,el9,UMD-5-lcmaps-16.6-el9
2024-10-14T15:40:03Z,132,staging,5,lcmaps,16.6,el9,UMD-5-lcmaps-16.6-el9
2024-10-14T15:40:03Z,133,production,5,,16.6,el9,
";

fn import(text: &str) -> Import {
    let profile = board::profile();
    let context = Context {
        profile: &profile,
        mapping: &[],
        kind: None,
        as_of: None,
    };
    let files = [("m.csv".to_owned(), text.as_bytes().to_vec())];
    format::read(&files, None, &context).unwrap()
}

fn ticket_of<'a>(import: &'a Import, product: &str) -> &'a Item {
    let mut tickets = import.items.iter().filter(|it| it.kind == Kind::Ticket);
    tickets.find(|it| it.fields["product"] == product).unwrap()
}

#[test]
fn merges_of_one_product_are_one_ticket_with_each_merge_on_it() {
    let import = import(MERGES);
    assert_eq!(import.format, "egi-promotions");
    let squid = ticket_of(&import, "frontier-squid");
    assert_eq!(
        json!(squid.fields),
        json!({
            "product": "frontier-squid", "version": "5.9.2", "state": "released",
            "entered": "2024-03-05T15:50:12Z",
            "promotions": [
                { "to": "beta", "at": "2024-02-23T14:34:00Z", "proof": "pull request 50, UMD 4" },
                { "to": "production", "at": "2024-03-05T15:50:12Z", "proof": "pull request 53, UMD 4" },
                { "to": "beta", "at": "2024-05-08T16:32:29Z", "proof": "pull request 84, UMD 5" },
            ],
        }),
        "an offset is read as the instant it means"
    );
    assert!(
        import
            .mapped
            .iter()
            .any(|it| it.contains("went to UMD 4 and to UMD 5"))
    );
}

#[test]
fn what_is_only_in_beta_is_with_its_sites_and_brings_its_product() {
    let import = import(MERGES);
    assert_eq!(ticket_of(&import, "gfal").fields["state"], "staged-rollout");
    let products: Vec<&Value> = import
        .items
        .iter()
        .filter(|it| it.kind == Kind::Product)
        .map(|it| &it.fields["name"])
        .collect();
    assert_eq!(
        products,
        ["gfal"],
        "what is out asks nothing of a product team"
    );
}

#[test]
fn a_row_that_cannot_be_read_is_told_with_its_reason() {
    let told: Vec<String> = import(MERGES)
        .rejected
        .into_iter()
        .map(|it| format!("{} {}", it.source, it.why))
        .collect();
    assert_eq!(
        told,
        [
            "m.csv:7 merged_at is \"2024-10-14T15:40:03\", no time with an offset (RFC 3339)",
            "m.csv:8 repository_stage is \"staging\", neither testing nor production",
            "m.csv:9 it names no product",
        ]
    );
}

#[track_caller]
fn noted(columns: &str, facts: &[&str]) {
    let header =
        "merged_at,pull_request,repository_stage,umd_major,product,version,platform,branch";
    let text = format!("{header}\n2024-02-23T14:34:00Z,1,testing,{columns}\n");
    let notes: Vec<String> = import(&text)
        .mapped
        .into_iter()
        .filter(|it| it.contains("the branch is"))
        .collect();
    assert_eq!(notes.len(), facts.len(), "{columns}: {notes:?}");
    for (note, fact) in notes.iter().zip(facts) {
        assert!(note.contains(fact), "{fact}: {note}");
    }
}

#[test]
fn a_branch_that_says_otherwise_than_the_columns_is_told_and_changes_nothing() {
    noted(
        "5,egi-cvmfs,6.8.29,el9,UMD-5-egi-cvmfd-6.8.29-el9",
        &["the product is egi-cvmfs"],
    );
    noted(
        "5,lcmaps,1.6.6,el9,UMD-5-lcmaps-16.6-el9",
        &["the version is 1.6.6"],
    );
    noted(
        "5,lcmaps,16.6,al9,UMD-5-lcmaps-16.6-el9",
        &["the platform is al9"],
    );
    noted(
        "5,lcmaps,16.6,,UMD-5-lcmaps-16.6-el9",
        &["the platform is not given"],
    );
    noted(
        "4,lcmaps,16.6,el9,UMD-5-lcmaps-16.6-el9",
        &["it went to UMD 4"],
    );
    noted(
        "5,arc,6.20,el9,UMD-5-arc-6.20.1-el9",
        &["the version is 6.20"],
    );
}

#[test]
fn a_branch_that_says_the_same_in_its_own_way_is_not_told() {
    for columns in [
        "5,frontier-squid,5.9.2,,UDM5-frontiersquid5.9.2",
        "5,wn,5.1.0,el9,UMD-5-WN.5.1.0-el9",
        "5,top-bdii,1.1.0,el9,UMD-5-topbdii-1.1.0-el9",
        "5,site-bdii,1.0.8,el9,UMD-site-bdii-1.0.8-el9",
        "5,htcondor-ce,23.0,el9,UMD-5-htcondor-ce-23.0-el9",
        "4,gfal,2.22.1,,UMD4-gfal2.22.1",
        "5,fts,3.13.2,,",
    ] {
        noted(columns, &[]);
    }
}
