SELECT
  "facts".*,
  "case_type_decided" AS "case_type",
  "reason_decided" AS "reason",
  CASE WHEN ("case_type_settled_by" = 0) THEN 'urgent' WHEN ("case_type_settled_by" = 1) THEN 'supplement/main-not-brought' WHEN ("case_type_settled_by" = 2) THEN 'returned/main-lacking' WHEN ("case_type_settled_by" = 3) THEN 'supplement/promised' WHEN ("case_type_settled_by" = 4) THEN 'supplement/few-attachments' WHEN ("case_type_settled_by" = 5) THEN 'returned/policy' WHEN ("case_type_settled_by" = 6) THEN 'returned/verified' WHEN ("case_type_settled_by" = 7) THEN 'joint' WHEN ("case_type_settled_by" = 8) THEN 'instant' WHEN ("case_type_settled_by" = 9) THEN 'promised' END AS "case_type_rule",
  CASE WHEN ("case_type_stands" = 0) THEN 'settled' WHEN ("case_type_stands" = 1) THEN 'open' WHEN ("case_type_stands" = 2) THEN 'none' WHEN ("case_type_stands" = 3) THEN 'gap' WHEN ("case_type_stands" = 4) THEN 'conflict' WHEN ("case_type_stands" = 5) THEN 'unread' END AS "case_type_state"
FROM "centre"."cases" AS "facts"
CROSS JOIN LATERAL (
  SELECT
    coalesce("recognised_urgent", FALSE) AS "recognised_urgent_2",
    btrim("main_document", E'\u0009\u000a\u000b\u000c\u000d\u001c\u001d\u001e\u001f\u0020\u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000') AS "main_document_bare",
    (("nonmain_missing" < 0) IS TRUE) AS "nonmain_missing_spoilt",
    (("nonmain_missing" > 0) AND "applicant_promises") AS "case_type_supplement_promised",  -- supplement/promised KS-4(2) : nonmain_missing > 0 and applicant_promises
    (("attachments_missing" < 0) IS TRUE) AS "attachments_missing_spoilt",
    ((NOT ("meets_conditions" IS NULL)) AND (NOT "meets_conditions")) AS "case_type_returned_verified",  -- returned/verified KS-6(3) : known(meets_conditions) and not meets_conditions
    (("departments" < 0) IS TRUE) AS "departments_spoilt",
    ("departments" >= 2) AS "case_type_joint"  -- joint KS-5 : departments >= 2
) AS "step_1"
CROSS JOIN LATERAL (
  SELECT
    btrim(translate("main_document_bare", '！＂＃＄％＆＇（）＊＋，－．／０１２３４５６７８９：；＜＝＞？＠ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ［＼］＾＿｀ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ｛｜｝～', '!"#$%&''()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\]^_`abcdefghijklmnopqrstuvwxyz{|}~'), E'\u0009\u000a\u000b\u000c\u000d\u001c\u001d\u001e\u001f\u0020\u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000') AS "main_document_plain"
) AS "step_2"
CROSS JOIN LATERAL (
  SELECT
    CASE WHEN ("main_document_plain" IN ('present', '已带')) THEN 'present' WHEN ("main_document_plain" IN ('not_brought', '有而未带')) THEN 'not_brought' WHEN ("main_document_plain" IN ('lacking', '缺少')) THEN 'lacking' END AS "main_document_read",
    ((NOT ((("main_document_bare" IS NULL) OR ("main_document_bare" = '')) IS TRUE)) AND (NOT (("main_document_plain" IN ('present', '已带', 'not_brought', '有而未带', 'lacking', '缺少')) IS TRUE))) AS "main_document_read_spoilt"
) AS "step_3"
CROSS JOIN LATERAL (
  SELECT
    ("main_document_read" = 'not_brought') AS "case_type_supplement_main_not_brought",  -- supplement/main-not-brought KS-4(1) : main_document == "not_brought"
    ("formal" AND ("main_document_read" IN ('not_brought', 'lacking'))) AS "case_type_returned_main_lacking",  -- returned/main-lacking KS-6(1) : formal and main_document in ["not_brought", "lacking"]
    (("main_document_read" = 'present') AND ("attachments_missing" > 0) AND NULL AND (NOT "missing_affects_approval")) AS "case_type_supplement_few_attachments",  -- supplement/few-attachments KS-4(3) : main_document == "present" and 0 < attachments_missing <= few_attachments and not missing_affects_approval
    (("main_document_read" = 'present') AND ("nonmain_missing" = 0) AND ("attachments_missing" = 0)) AS "materials_complete_complete"  -- complete : main_document == "present" and nonmain_missing == 0 and attachments_missing == 0
) AS "step_4"
CROSS JOIN LATERAL (
  SELECT
    CASE WHEN "materials_complete_complete" THEN 0 ELSE 1 END AS "materials_complete_place",
    CASE WHEN coalesce("materials_complete_complete", TRUE) THEN 0 ELSE 1 END AS "materials_complete_reached"
) AS "step_5"
CROSS JOIN LATERAL (
  SELECT
    CASE WHEN ("materials_complete_place" = 0) THEN TRUE WHEN ("materials_complete_place" = 1) THEN FALSE END AS "materials_complete_taken",
    ((NOT ("materials_complete_place" = "materials_complete_reached")) AND ("materials_complete_complete" IS NULL) AND ("materials_complete_place" > 0) AND (NOT ("materials_complete_place" = 0))) AS "materials_complete_open",
    (("materials_complete_place" >= 0) AND ("main_document_read_spoilt" OR ((NOT ((NOT ("main_document_read" = 'present')) IS TRUE)) AND "nonmain_missing_spoilt") OR ((NOT ((NOT (("main_document_read" = 'present') AND ("nonmain_missing" = 0))) IS TRUE)) AND "attachments_missing_spoilt"))) AS "materials_complete_spoilt"
) AS "step_6"
CROSS JOIN LATERAL (
  SELECT
    CASE WHEN "materials_complete_spoilt" THEN NULL ELSE CASE WHEN "materials_complete_open" THEN NULL ELSE "materials_complete_taken" END END AS "materials_complete_decided"
) AS "step_7"
CROSS JOIN LATERAL (
  SELECT
    ("materials_complete_decided" AND ("plainly_against_policy" OR "plainly_against_plan")) AS "case_type_returned_policy",  -- returned/policy KS-6(2) : materials_complete and (plainly_against_policy or plainly_against_plan)
    ("ordinary" AND "simple" AND "materials_complete_decided" AND "same_day_possible") AS "case_type_instant",  -- instant KS-2 : ordinary and simple and materials_complete and same_day_possible
    ("materials_complete_decided" AND ("needs_review" OR "needs_survey")) AS "case_type_promised"  -- promised KS-3 : materials_complete and (needs_review or needs_survey)
) AS "step_8"
CROSS JOIN LATERAL (
  SELECT
    CASE WHEN "recognised_urgent_2" THEN 0 WHEN "case_type_supplement_main_not_brought" THEN 1 WHEN "case_type_returned_main_lacking" THEN 2 WHEN "case_type_supplement_promised" THEN 3 WHEN "case_type_supplement_few_attachments" THEN 4 WHEN "case_type_returned_policy" THEN 5 WHEN "case_type_returned_verified" THEN 6 WHEN "case_type_joint" THEN 7 WHEN "case_type_instant" THEN 8 WHEN "case_type_promised" THEN 9 ELSE 10 END AS "case_type_place",
    CASE WHEN coalesce("recognised_urgent_2", TRUE) THEN 0 WHEN coalesce("case_type_supplement_main_not_brought", TRUE) THEN 1 WHEN coalesce("case_type_returned_main_lacking", TRUE) THEN 2 WHEN coalesce("case_type_supplement_promised", TRUE) THEN 3 WHEN coalesce("case_type_supplement_few_attachments", TRUE) THEN 4 WHEN coalesce("case_type_returned_policy", TRUE) THEN 5 WHEN coalesce("case_type_returned_verified", TRUE) THEN 6 WHEN coalesce("case_type_joint", TRUE) THEN 7 WHEN coalesce("case_type_instant", TRUE) THEN 8 WHEN coalesce("case_type_promised", TRUE) THEN 9 ELSE 10 END AS "case_type_reached"
) AS "step_9"
CROSS JOIN LATERAL (
  SELECT
    CASE WHEN ("case_type_place" = 0) THEN 'urgent' WHEN ("case_type_place" = 1) THEN 'supplement' WHEN ("case_type_place" = 2) THEN 'returned' WHEN ("case_type_place" = 3) THEN 'supplement' WHEN ("case_type_place" = 4) THEN 'supplement' WHEN ("case_type_place" = 5) THEN 'returned' WHEN ("case_type_place" = 6) THEN 'returned' WHEN ("case_type_place" = 7) THEN 'joint' WHEN ("case_type_place" = 8) THEN 'instant' WHEN ("case_type_place" = 9) THEN 'promised' END AS "case_type_taken",
    ((NOT ("case_type_place" = "case_type_reached")) AND ((("recognised_urgent_2" IS NULL) AND ("case_type_place" > 0) AND (NOT ("case_type_place" = 0))) OR (("case_type_supplement_main_not_brought" IS NULL) AND ("case_type_place" > 1) AND (NOT ("case_type_place" IN (1, 3, 4)))) OR (("case_type_returned_main_lacking" IS NULL) AND ("case_type_place" > 2) AND (NOT ("case_type_place" IN (2, 5, 6)))) OR (("case_type_supplement_promised" IS NULL) AND ("case_type_place" > 3) AND (NOT ("case_type_place" IN (3, 4)))) OR (("case_type_supplement_few_attachments" IS NULL) AND ("case_type_place" > 4) AND (NOT ("case_type_place" = 4))) OR (("case_type_returned_policy" IS NULL) AND ("case_type_place" > 5) AND (NOT ("case_type_place" IN (5, 6)))) OR (("case_type_returned_verified" IS NULL) AND ("case_type_place" > 6) AND (NOT ("case_type_place" = 6))) OR (("case_type_joint" IS NULL) AND ("case_type_place" > 7) AND (NOT ("case_type_place" = 7))) OR (("case_type_instant" IS NULL) AND ("case_type_place" > 8) AND (NOT ("case_type_place" = 8))) OR (("case_type_promised" IS NULL) AND ("case_type_place" > 9) AND (NOT ("case_type_place" = 9))))) AS "case_type_open",
    CASE WHEN ("case_type_place" = 1) THEN '主件有而未带' WHEN ("case_type_place" = 2) THEN '主件缺少' WHEN ("case_type_place" = 3) THEN '非主体材料不全而承诺补齐' WHEN ("case_type_place" = 4) THEN '少数附件不全而不影响审批' WHEN ("case_type_place" = 5) THEN '明显不符合政策或规划' WHEN ("case_type_place" = 6) THEN '查实不具备条件' END AS "reason_taken",
    ((NOT ("case_type_place" = "case_type_reached")) AND ((("recognised_urgent_2" IS NULL) AND ("case_type_place" > 0)) OR (("case_type_supplement_main_not_brought" IS NULL) AND ("case_type_place" > 1) AND (NOT ("case_type_place" = 1))) OR (("case_type_returned_main_lacking" IS NULL) AND ("case_type_place" > 2) AND (NOT ("case_type_place" = 2))) OR (("case_type_supplement_promised" IS NULL) AND ("case_type_place" > 3) AND (NOT ("case_type_place" = 3))) OR (("case_type_supplement_few_attachments" IS NULL) AND ("case_type_place" > 4) AND (NOT ("case_type_place" = 4))) OR (("case_type_returned_policy" IS NULL) AND ("case_type_place" > 5) AND (NOT ("case_type_place" = 5))) OR (("case_type_returned_verified" IS NULL) AND ("case_type_place" > 6) AND (NOT ("case_type_place" = 6))) OR (("case_type_joint" IS NULL) AND ("case_type_place" > 7)) OR (("case_type_instant" IS NULL) AND ("case_type_place" > 8)) OR (("case_type_promised" IS NULL) AND ("case_type_place" > 9)))) AS "reason_open",
    ((("case_type_place" >= 1) AND "main_document_read_spoilt") OR (("case_type_place" >= 2) AND (NOT ((NOT "formal") IS TRUE)) AND "main_document_read_spoilt") OR (("case_type_place" >= 3) AND "nonmain_missing_spoilt") OR (("case_type_place" >= 4) AND ("main_document_read_spoilt" OR ((NOT ((NOT ("main_document_read" = 'present')) IS TRUE)) AND ("attachments_missing_spoilt" OR ((NOT ((NOT ("attachments_missing" > 0)) IS TRUE)) AND "attachments_missing_spoilt"))))) OR (("case_type_place" >= 5) AND "materials_complete_spoilt") OR (("case_type_place" >= 7) AND "departments_spoilt") OR (("case_type_place" >= 8) AND (NOT ((NOT ("ordinary" AND "simple")) IS TRUE)) AND "materials_complete_spoilt") OR (("case_type_place" >= 9) AND "materials_complete_spoilt")) AS "case_type_spoilt"
) AS "step_10"
CROSS JOIN LATERAL (
  SELECT
    CASE WHEN "case_type_spoilt" THEN CAST(NULL AS text) ELSE CASE WHEN "case_type_open" THEN CAST(NULL AS text) ELSE "case_type_taken" END END AS "case_type_decided",
    CASE WHEN "case_type_spoilt" THEN CAST(NULL AS text) ELSE CASE WHEN "reason_open" THEN CAST(NULL AS text) ELSE "reason_taken" END END AS "reason_decided"
) AS "step_11"
CROSS JOIN LATERAL (
  SELECT
    CASE WHEN (("case_type_decided" IS NULL) OR "case_type_spoilt") THEN CAST(NULL AS bigint) ELSE CASE WHEN (("case_type_place" = "case_type_reached") AND (NOT ("case_type_place" = 10))) THEN "case_type_place" END END AS "case_type_settled_by",
    CASE WHEN "case_type_spoilt" THEN 5 WHEN (("case_type_place" = "case_type_reached") AND ("case_type_place" = 10)) THEN 3 WHEN ("case_type_decided" IS NULL) THEN 1 ELSE 0 END AS "case_type_stands"
) AS "step_12"
