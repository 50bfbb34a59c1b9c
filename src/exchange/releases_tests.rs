use super::*;
use crate::exchange::{board, format};

/// Rows of `egi_releases.csv`, the count of the second one row less than there are.
const RELEASES: &str = "\
distribution,version,kind,emergency_mentioned,security_mentioned,advisories,state,created,release_date,product_count
UMD,3.3.0,minor,0,0,,deployed,2013-11-05,2013-12-13,2
UMD,4.15.1,revision,1,1,SVG-2012-4073 CVE-2014-3566,deployed,2021-07-23,2021-11-10,1
UMD,5.0.0,major,0,0,,pending,2020-02-17,2020-11-26,
";

/// Rows of `egi_release_products.csv`: LFC stands twice, by two providers.
const PRODUCTS: &str = "\
distribution,release,product,version,technology_provider,platform,arch,release_date
UMD,3.3.0,LFC,1.8.7,EMI,,,2013-12-13
UMD,3.3.0,LFC,1.8.7,EPEL,,,2013-12-13
UMD,4.15.1,ARC,6.12.0,NorduGrid,centos7,x86_64,2021-11-09
UMD,4.15.1,canl,3.0.0,CESNET,centos7,x86_64,2021-11-10
UMD,4.18.0,gfal2,2.22.1,CERN,centos7,x86_64,2024-02-22
UMD,4.18.0,,2.22.1,CERN,centos7,x86_64,2024-02-22
";

fn import(files: &[(&str, &str)]) -> Import {
    let profile = board::profile();
    let context = Context {
        profile: &profile,
        mapping: &[],
        kind: None,
        as_of: None,
    };
    let files: Vec<(String, Vec<u8>)> = files
        .iter()
        .map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec()))
        .collect();
    format::read(&files, None, &context).unwrap()
}

fn named<'a>(import: &'a Import, name: &str) -> &'a Item {
    let found = import.items.iter().find(|it| it.fields["name"] == name);
    found.unwrap()
}

#[test]
fn releases_and_their_products_are_one_in_either_order() {
    let one = import(&[("r.csv", RELEASES), ("p.csv", PRODUCTS)]);
    let other = import(&[("p.csv", PRODUCTS), ("r.csv", RELEASES)]);
    assert_eq!((one.items.len(), one.format.as_str()), (4, "egi-releases"));
    assert_eq!(one.items, other.items);
    let umd = named(&one, "UMD 4.15.1");
    assert_eq!((umd.kind, umd.key.as_str()), (Kind::Release, "umd 4.15.1"));
    assert_eq!(
        json!(umd.fields),
        json!({
            "name": "UMD 4.15.1", "distribution": "UMD", "version": "4.15.1",
            "kind": "revision", "state": "published",
            "created": "2021-07-23", "date": "2021-11-10", "entered": "2021-11-10",
            "advisories": ["SVG-2012-4073", "CVE-2014-3566"],
            "marks": ["emergency", "security"],
            "shipped": [
                { "product": "ARC", "version": "6.12.0", "platform": "centos7",
                  "arch": "x86_64", "provider": "NorduGrid" },
                { "product": "canl", "version": "3.0.0", "platform": "centos7",
                  "arch": "x86_64", "provider": "CESNET" },
            ],
        })
    );
}

#[test]
fn no_row_is_dropped_for_being_like_another() {
    let one = import(&[("r.csv", RELEASES), ("p.csv", PRODUCTS)]);
    let shipped = named(&one, "UMD 3.3.0").fields["shipped"]
        .as_array()
        .unwrap();
    assert_eq!(
        (shipped.len(), &shipped[1]["provider"]),
        (2, &json!("EPEL"))
    );
    assert!(
        one.mapped
            .contains(&"5 product releases read, in 3 releases".to_owned())
    );
    let why: Vec<&str> = one.rejected.iter().map(|it| it.why.as_str()).collect();
    assert_eq!(why, ["it names no release or no product"]);
}

#[test]
fn what_the_two_files_say_differently_is_told_with_both_facts() {
    let one = import(&[("r.csv", RELEASES), ("p.csv", PRODUCTS)]);
    let told = one.mapped.join("\n");
    for fact in [
        "UMD 4.15.1 counts 1 in product_count (r.csv:3) and 2 rows name it as theirs (from p.csv:4): all are kept",
        "UMD 4.15.1 was released on 2021-11-10 (r.csv:3) and 1 product of it on another day, the earliest on 2021-11-09",
        "UMD 5.0.0 (r.csv:4) comes without products",
        "UMD 5.0.0 is pending (r.csv:4) and has a date: taken as published",
        "UMD 4.18.0 is named by 1 product only (from p.csv:6): made from what they say",
    ] {
        assert!(told.contains(fact), "{fact}\n{told}");
    }
}

#[test]
fn a_release_that_only_its_products_name_is_made_of_what_they_say() {
    let one = import(&[("p.csv", PRODUCTS)]);
    assert_eq!(one.items.len(), 3);
    let fields = &named(&one, "UMD 4.18.0").fields;
    assert_eq!(
        (&fields["kind"], &fields["date"]),
        (&json!("minor"), &json!("2024-02-22"))
    );
    assert!(!fields.contains_key("created"), "nobody said so");
}

#[test]
fn releases_alone_are_read_and_their_wrong_rows_told() {
    let text = "distribution,version,kind,release_date\nCMD,1.4.0,tiny,\nCMD,,minor,2026-01-01\nCMD,1.5,minor,1/2/2026\n";
    let one = import(&[("r.csv", text)]);
    assert_eq!(named(&one, "CMD 1.4.0").fields["kind"], "minor");
    assert!(one.mapped.contains(
        &"the kind of CMD 1.4.0 is tiny (r.csv:2): taken as minor, by its version".to_owned()
    ));
    let places: Vec<&str> = one.rejected.iter().map(|it| it.source.as_str()).collect();
    assert_eq!(places, ["r.csv:3", "r.csv:4"]);
}

#[test]
fn a_kind_is_told_by_the_version() {
    for (version, kind) in [
        ("5.0.0", ReleaseKind::Major),
        ("4.1.0", ReleaseKind::Minor),
        ("4.1.1", ReleaseKind::Revision),
        ("?", ReleaseKind::Major),
    ] {
        assert_eq!(number::kind(version), kind, "{version}");
    }
}
