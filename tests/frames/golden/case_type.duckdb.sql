WITH "step_1" AS (
  SELECT
    *,
    coalesce("recognised_urgent", FALSE) AS "recognised_urgent_2",
    trim("main_document", chr(9) || chr(10) || chr(11) || chr(12) || chr(13) || chr(28) || chr(29) || chr(30) || chr(31) || chr(32) || chr(133) || chr(160) || chr(5760) || chr(8192) || chr(8193) || chr(8194) || chr(8195) || chr(8196) || chr(8197) || chr(8198) || chr(8199) || chr(8200) || chr(8201) || chr(8202) || chr(8232) || chr(8233) || chr(8239) || chr(8287) || chr(12288)) AS "main_document_bare",
    (("nonmain_missing" < 0) IS TRUE) AS "nonmain_missing_spoilt",
    (("nonmain_missing" > 0) AND "applicant_promises") AS "case_type_supplement_promised",  -- supplement/promised KS-4(2) : nonmain_missing > 0 and applicant_promises
    (("attachments_missing" < 0) IS TRUE) AS "attachments_missing_spoilt",
    ((NOT ("meets_conditions" IS NULL)) AND (NOT "meets_conditions")) AS "case_type_returned_verified",  -- returned/verified KS-6(3) : known(meets_conditions) and not meets_conditions
    (("departments" < 0) IS TRUE) AS "departments_spoilt",
    ("departments" >= 2) AS "case_type_joint"  -- joint KS-5 : departments >= 2
  FROM "centre"."cases"
),
"step_2" AS (
  SELECT
    *,
    trim(translate("main_document_bare", '！＂＃＄％＆＇（）＊＋，－．／０１２３４５６７８９：；＜＝＞？＠ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ［＼］＾＿｀ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ｛｜｝～', '!"#$%&''()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\]^_`abcdefghijklmnopqrstuvwxyz{|}~'), chr(9) || chr(10) || chr(11) || chr(12) || chr(13) || chr(28) || chr(29) || chr(30) || chr(31) || chr(32) || chr(133) || chr(160) || chr(5760) || chr(8192) || chr(8193) || chr(8194) || chr(8195) || chr(8196) || chr(8197) || chr(8198) || chr(8199) || chr(8200) || chr(8201) || chr(8202) || chr(8232) || chr(8233) || chr(8239) || chr(8287) || chr(12288)) AS "main_document_plain"
  FROM "step_1"
),
"step_3" AS (
  SELECT
    *,
    CASE WHEN ("main_document_plain" IN ('present', '已带')) THEN 'present' WHEN ("main_document_plain" IN ('not_brought', '有而未带')) THEN 'not_brought' WHEN ("main_document_plain" IN ('lacking', '缺少')) THEN 'lacking' END AS "main_document_read",
    ((NOT ((("main_document_bare" IS NULL) OR ("main_document_bare" = '')) IS TRUE)) AND (NOT (("main_document_plain" IN ('present', '已带', 'not_brought', '有而未带', 'lacking', '缺少')) IS TRUE))) AS "main_document_read_spoilt"
  FROM "step_2"
),
"step_4" AS (
  SELECT
    *,
    ("main_document_read" = 'not_brought') AS "case_type_supplement_main_not_brought",  -- supplement/main-not-brought KS-4(1) : main_document == "not_brought"
    ("formal" AND ("main_document_read" IN ('not_brought', 'lacking'))) AS "case_type_returned_main_lacking",  -- returned/main-lacking KS-6(1) : formal and main_document in ["not_brought", "lacking"]
    (("main_document_read" = 'present') AND ("attachments_missing" > 0) AND NULL AND (NOT "missing_affects_approval")) AS "case_type_supplement_few_attachments",  -- supplement/few-attachments KS-4(3) : main_document == "present" and 0 < attachments_missing <= few_attachments and not missing_affects_approval
    (("main_document_read" = 'present') AND ("nonmain_missing" = 0) AND ("attachments_missing" = 0)) AS "materials_complete_complete"  -- complete : main_document == "present" and nonmain_missing == 0 and attachments_missing == 0
  FROM "step_3"
),
"step_5" AS (
  SELECT
    *,
    CASE WHEN "materials_complete_complete" THEN 0 ELSE 1 END AS "materials_complete_place",
    CASE WHEN coalesce("materials_complete_complete", TRUE) THEN 0 ELSE 1 END AS "materials_complete_reached"
  FROM "step_4"
),
"step_6" AS (
  SELECT
    *,
    CASE WHEN ("materials_complete_place" = 0) THEN TRUE WHEN ("materials_complete_place" = 1) THEN FALSE END AS "materials_complete_taken",
    ((NOT ("materials_complete_place" = "materials_complete_reached")) AND ("materials_complete_complete" IS NULL) AND ("materials_complete_place" > 0) AND (NOT ("materials_complete_place" = 0))) AS "materials_complete_open",
    (("materials_complete_place" >= 0) AND ("main_document_read_spoilt" OR ((NOT ((NOT ("main_document_read" = 'present')) IS TRUE)) AND "nonmain_missing_spoilt") OR ((NOT ((NOT (("main_document_read" = 'present') AND ("nonmain_missing" = 0))) IS TRUE)) AND "attachments_missing_spoilt"))) AS "materials_complete_spoilt"
  FROM "step_5"
),
"step_7" AS (
  SELECT
    *,
    CASE WHEN "materials_complete_spoilt" THEN NULL ELSE CASE WHEN "materials_complete_open" THEN NULL ELSE "materials_complete_taken" END END AS "materials_complete_decided"
  FROM "step_6"
),
"step_8" AS (
  SELECT
    *,
    ("materials_complete_decided" AND ("plainly_against_policy" OR "plainly_against_plan")) AS "case_type_returned_policy",  -- returned/policy KS-6(2) : materials_complete and (plainly_against_policy or plainly_against_plan)
    ("ordinary" AND "simple" AND "materials_complete_decided" AND "same_day_possible") AS "case_type_instant",  -- instant KS-2 : ordinary and simple and materials_complete and same_day_possible
    ("materials_complete_decided" AND ("needs_review" OR "needs_survey")) AS "case_type_promised"  -- promised KS-3 : materials_complete and (needs_review or needs_survey)
  FROM "step_7"
),
"step_9" AS (
  SELECT
    *,
    CASE WHEN "recognised_urgent_2" THEN 0 WHEN "case_type_supplement_main_not_brought" THEN 1 WHEN "case_type_returned_main_lacking" THEN 2 WHEN "case_type_supplement_promised" THEN 3 WHEN "case_type_supplement_few_attachments" THEN 4 WHEN "case_type_returned_policy" THEN 5 WHEN "case_type_returned_verified" THEN 6 WHEN "case_type_joint" THEN 7 WHEN "case_type_instant" THEN 8 WHEN "case_type_promised" THEN 9 ELSE 10 END AS "case_type_place",
    CASE WHEN coalesce("recognised_urgent_2", TRUE) THEN 0 WHEN coalesce("case_type_supplement_main_not_brought", TRUE) THEN 1 WHEN coalesce("case_type_returned_main_lacking", TRUE) THEN 2 WHEN coalesce("case_type_supplement_promised", TRUE) THEN 3 WHEN coalesce("case_type_supplement_few_attachments", TRUE) THEN 4 WHEN coalesce("case_type_returned_policy", TRUE) THEN 5 WHEN coalesce("case_type_returned_verified", TRUE) THEN 6 WHEN coalesce("case_type_joint", TRUE) THEN 7 WHEN coalesce("case_type_instant", TRUE) THEN 8 WHEN coalesce("case_type_promised", TRUE) THEN 9 ELSE 10 END AS "case_type_reached"
  FROM "step_8"
),
"step_10" AS (
  SELECT
    *,
    CASE WHEN ("case_type_place" = 0) THEN 'urgent' WHEN ("case_type_place" = 1) THEN 'supplement' WHEN ("case_type_place" = 2) THEN 'returned' WHEN ("case_type_place" = 3) THEN 'supplement' WHEN ("case_type_place" = 4) THEN 'supplement' WHEN ("case_type_place" = 5) THEN 'returned' WHEN ("case_type_place" = 6) THEN 'returned' WHEN ("case_type_place" = 7) THEN 'joint' WHEN ("case_type_place" = 8) THEN 'instant' WHEN ("case_type_place" = 9) THEN 'promised' END AS "case_type_taken",
    ((NOT ("case_type_place" = "case_type_reached")) AND ((("recognised_urgent_2" IS NULL) AND ("case_type_place" > 0) AND (NOT ("case_type_place" = 0))) OR (("case_type_supplement_main_not_brought" IS NULL) AND ("case_type_place" > 1) AND (NOT ("case_type_place" IN (1, 3, 4)))) OR (("case_type_returned_main_lacking" IS NULL) AND ("case_type_place" > 2) AND (NOT ("case_type_place" IN (2, 5, 6)))) OR (("case_type_supplement_promised" IS NULL) AND ("case_type_place" > 3) AND (NOT ("case_type_place" IN (3, 4)))) OR (("case_type_supplement_few_attachments" IS NULL) AND ("case_type_place" > 4) AND (NOT ("case_type_place" = 4))) OR (("case_type_returned_policy" IS NULL) AND ("case_type_place" > 5) AND (NOT ("case_type_place" IN (5, 6)))) OR (("case_type_returned_verified" IS NULL) AND ("case_type_place" > 6) AND (NOT ("case_type_place" = 6))) OR (("case_type_joint" IS NULL) AND ("case_type_place" > 7) AND (NOT ("case_type_place" = 7))) OR (("case_type_instant" IS NULL) AND ("case_type_place" > 8) AND (NOT ("case_type_place" = 8))) OR (("case_type_promised" IS NULL) AND ("case_type_place" > 9) AND (NOT ("case_type_place" = 9))))) AS "case_type_open",
    CASE WHEN ("case_type_place" = 1) THEN '主件有而未带' WHEN ("case_type_place" = 2) THEN '主件缺少' WHEN ("case_type_place" = 3) THEN '非主体材料不全而承诺补齐' WHEN ("case_type_place" = 4) THEN '少数附件不全而不影响审批' WHEN ("case_type_place" = 5) THEN '明显不符合政策或规划' WHEN ("case_type_place" = 6) THEN '查实不具备条件' END AS "reason_taken",
    ((NOT ("case_type_place" = "case_type_reached")) AND ((("recognised_urgent_2" IS NULL) AND ("case_type_place" > 0)) OR (("case_type_supplement_main_not_brought" IS NULL) AND ("case_type_place" > 1) AND (NOT ("case_type_place" = 1))) OR (("case_type_returned_main_lacking" IS NULL) AND ("case_type_place" > 2) AND (NOT ("case_type_place" = 2))) OR (("case_type_supplement_promised" IS NULL) AND ("case_type_place" > 3) AND (NOT ("case_type_place" = 3))) OR (("case_type_supplement_few_attachments" IS NULL) AND ("case_type_place" > 4) AND (NOT ("case_type_place" = 4))) OR (("case_type_returned_policy" IS NULL) AND ("case_type_place" > 5) AND (NOT ("case_type_place" = 5))) OR (("case_type_returned_verified" IS NULL) AND ("case_type_place" > 6) AND (NOT ("case_type_place" = 6))) OR (("case_type_joint" IS NULL) AND ("case_type_place" > 7)) OR (("case_type_instant" IS NULL) AND ("case_type_place" > 8)) OR (("case_type_promised" IS NULL) AND ("case_type_place" > 9)))) AS "reason_open",
    ((("case_type_place" >= 1) AND "main_document_read_spoilt") OR (("case_type_place" >= 2) AND (NOT ((NOT "formal") IS TRUE)) AND "main_document_read_spoilt") OR (("case_type_place" >= 3) AND "nonmain_missing_spoilt") OR (("case_type_place" >= 4) AND ("main_document_read_spoilt" OR ((NOT ((NOT ("main_document_read" = 'present')) IS TRUE)) AND ("attachments_missing_spoilt" OR ((NOT ((NOT ("attachments_missing" > 0)) IS TRUE)) AND "attachments_missing_spoilt"))))) OR (("case_type_place" >= 5) AND "materials_complete_spoilt") OR (("case_type_place" >= 7) AND "departments_spoilt") OR (("case_type_place" >= 8) AND (NOT ((NOT ("ordinary" AND "simple")) IS TRUE)) AND "materials_complete_spoilt") OR (("case_type_place" >= 9) AND "materials_complete_spoilt")) AS "case_type_spoilt"
  FROM "step_9"
),
"step_11" AS (
  SELECT
    *,
    CASE WHEN "case_type_spoilt" THEN CAST(NULL AS varchar) ELSE CASE WHEN "case_type_open" THEN CAST(NULL AS varchar) ELSE "case_type_taken" END END AS "case_type_decided",
    CASE WHEN "case_type_spoilt" THEN CAST(NULL AS varchar) ELSE CASE WHEN "reason_open" THEN CAST(NULL AS varchar) ELSE "reason_taken" END END AS "reason_decided"
  FROM "step_10"
),
"step_12" AS (
  SELECT
    *,
    CASE WHEN (("case_type_decided" IS NULL) OR "case_type_spoilt") THEN CAST(NULL AS bigint) ELSE CASE WHEN (("case_type_place" = "case_type_reached") AND (NOT ("case_type_place" = 10))) THEN "case_type_place" END END AS "case_type_settled_by",
    CASE WHEN "case_type_spoilt" THEN 5 WHEN (("case_type_place" = "case_type_reached") AND ("case_type_place" = 10)) THEN 3 WHEN ("case_type_decided" IS NULL) THEN 1 ELSE 0 END AS "case_type_stands"
  FROM "step_11"
)
SELECT
  * EXCLUDE ("recognised_urgent_2", "main_document_bare", "nonmain_missing_spoilt", "case_type_supplement_promised", "attachments_missing_spoilt", "case_type_returned_verified", "departments_spoilt", "case_type_joint", "main_document_plain", "main_document_read", "main_document_read_spoilt", "case_type_supplement_main_not_brought", "case_type_returned_main_lacking", "case_type_supplement_few_attachments", "materials_complete_complete", "materials_complete_place", "materials_complete_reached", "materials_complete_taken", "materials_complete_open", "materials_complete_spoilt", "materials_complete_decided", "case_type_returned_policy", "case_type_instant", "case_type_promised", "case_type_place", "case_type_reached", "case_type_taken", "case_type_open", "reason_taken", "reason_open", "case_type_spoilt", "case_type_decided", "reason_decided", "case_type_settled_by", "case_type_stands"),
  "case_type_decided" AS "case_type",
  "reason_decided" AS "reason",
  CASE WHEN ("case_type_settled_by" = 0) THEN 'urgent' WHEN ("case_type_settled_by" = 1) THEN 'supplement/main-not-brought' WHEN ("case_type_settled_by" = 2) THEN 'returned/main-lacking' WHEN ("case_type_settled_by" = 3) THEN 'supplement/promised' WHEN ("case_type_settled_by" = 4) THEN 'supplement/few-attachments' WHEN ("case_type_settled_by" = 5) THEN 'returned/policy' WHEN ("case_type_settled_by" = 6) THEN 'returned/verified' WHEN ("case_type_settled_by" = 7) THEN 'joint' WHEN ("case_type_settled_by" = 8) THEN 'instant' WHEN ("case_type_settled_by" = 9) THEN 'promised' END AS "case_type_rule",
  CASE WHEN ("case_type_stands" = 0) THEN 'settled' WHEN ("case_type_stands" = 1) THEN 'open' WHEN ("case_type_stands" = 2) THEN 'none' WHEN ("case_type_stands" = 3) THEN 'gap' WHEN ("case_type_stands" = 4) THEN 'conflict' WHEN ("case_type_stands" = 5) THEN 'unread' END AS "case_type_state"
FROM "step_12"
