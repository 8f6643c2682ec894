WITH `step_1` AS (
  SELECT
    *,
    regexp_replace(`main_document`, '^[\\x{0009}\\x{000a}\\x{000b}\\x{000c}\\x{000d}\\x{001c}\\x{001d}\\x{001e}\\x{001f}\\x{0020}\\x{0085}\\x{00a0}\\x{1680}\\x{2000}\\x{2001}\\x{2002}\\x{2003}\\x{2004}\\x{2005}\\x{2006}\\x{2007}\\x{2008}\\x{2009}\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}]+|[\\x{0009}\\x{000a}\\x{000b}\\x{000c}\\x{000d}\\x{001c}\\x{001d}\\x{001e}\\x{001f}\\x{0020}\\x{0085}\\x{00a0}\\x{1680}\\x{2000}\\x{2001}\\x{2002}\\x{2003}\\x{2004}\\x{2005}\\x{2006}\\x{2007}\\x{2008}\\x{2009}\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}]+$', '') AS `main_document_bare`,
    ((`departments` < 0) IS TRUE) AS `departments_spoilt`,
    (`departments` >= 2) AS `case_type_joint`  -- joint KS-5 : departments >= 2
  FROM `centre`.`cases`
),
`step_2` AS (
  SELECT
    *,
    regexp_replace(`main_document_bare`, '^[\\x{0009}\\x{000a}\\x{000b}\\x{000c}\\x{000d}\\x{001c}\\x{001d}\\x{001e}\\x{001f}\\x{0020}\\x{0085}\\x{00a0}\\x{1680}\\x{2000}\\x{2001}\\x{2002}\\x{2003}\\x{2004}\\x{2005}\\x{2006}\\x{2007}\\x{2008}\\x{2009}\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}]+|[\\x{0009}\\x{000a}\\x{000b}\\x{000c}\\x{000d}\\x{001c}\\x{001d}\\x{001e}\\x{001f}\\x{0020}\\x{0085}\\x{00a0}\\x{1680}\\x{2000}\\x{2001}\\x{2002}\\x{2003}\\x{2004}\\x{2005}\\x{2006}\\x{2007}\\x{2008}\\x{2009}\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}]+$', '') AS `main_document_plain`
  FROM `step_1`
),
`step_3` AS (
  SELECT
    *,
    CASE WHEN ((`main_document_plain` = BINARY 'present') OR (`main_document_plain` = BINARY '已带')) THEN 'present' WHEN ((`main_document_plain` = BINARY 'not_brought') OR (`main_document_plain` = BINARY '有而未带')) THEN 'not_brought' WHEN ((`main_document_plain` = BINARY 'lacking') OR (`main_document_plain` = BINARY '缺少')) THEN 'lacking' END AS `main_document_read`,
    ((NOT (((`main_document_bare` IS NULL) OR (`main_document_bare` = BINARY '')) IS TRUE)) AND (NOT (((`main_document_plain` = BINARY 'present') OR (`main_document_plain` = BINARY '已带') OR (`main_document_plain` = BINARY 'not_brought') OR (`main_document_plain` = BINARY '有而未带') OR (`main_document_plain` = BINARY 'lacking') OR (`main_document_plain` = BINARY '缺少')) IS TRUE))) AS `main_document_read_spoilt`
  FROM `step_2`
),
`step_4` AS (
  SELECT
    *,
    (`main_document_read` = BINARY 'not_brought') AS `case_type_supplement_main_not_brought`,  -- supplement/main-not-brought KS-4(1) : main_document == "not_brought"
    (NULL AND ((`main_document_read` = BINARY 'not_brought') OR (`main_document_read` = BINARY 'lacking'))) AS `case_type_returned_main_lacking`,  -- returned/main-lacking KS-6(1) : formal and main_document in ["not_brought", "lacking"]
    ((`main_document_read` = BINARY 'present') AND NULL) AS `case_type_supplement_few_attachments`  -- supplement/few-attachments KS-4(3) : main_document == "present" and 0 < attachments_missing <= few_attachments and not missing_affects_approval
  FROM `step_3`
),
`step_5` AS (
  SELECT
    *,
    CASE WHEN `case_type_supplement_few_attachments` THEN 0 ELSE 1 END AS `materials_complete_place`,
    CASE WHEN coalesce(`case_type_supplement_few_attachments`, TRUE) THEN 0 ELSE 1 END AS `materials_complete_reached`,
    CASE WHEN coalesce(`case_type_supplement_main_not_brought`, TRUE) THEN 1 WHEN coalesce(`case_type_returned_main_lacking`, TRUE) THEN 2 ELSE 3 END AS `case_type_reached`
  FROM `step_4`
),
`step_6` AS (
  SELECT
    *,
    CASE WHEN (`materials_complete_place` = 0) THEN TRUE WHEN (`materials_complete_place` = 1) THEN FALSE END AS `materials_complete_taken`,
    ((NOT (`materials_complete_place` = `materials_complete_reached`)) AND (`case_type_supplement_few_attachments` IS NULL) AND (`materials_complete_place` > 0) AND (NOT (`materials_complete_place` = 0))) AS `materials_complete_open`,
    ((`materials_complete_place` >= 0) AND `main_document_read_spoilt`) AS `materials_complete_spoilt`
  FROM `step_5`
),
`step_7` AS (
  SELECT
    *,
    CASE WHEN `materials_complete_spoilt` THEN NULL ELSE CASE WHEN `materials_complete_open` THEN NULL ELSE `materials_complete_taken` END END AS `materials_complete_decided`
  FROM `step_6`
),
`step_8` AS (
  SELECT
    *,
    (`materials_complete_decided` AND NULL) AS `case_type_returned_policy`,  -- returned/policy KS-6(2) : materials_complete and (plainly_against_policy or plainly_against_plan)
    (NULL AND `materials_complete_decided`) AS `case_type_instant`  -- instant KS-2 : ordinary and simple and materials_complete and same_day_possible
  FROM `step_7`
),
`step_9` AS (
  SELECT
    *,
    CASE WHEN `case_type_supplement_main_not_brought` THEN 1 WHEN `case_type_returned_main_lacking` THEN 2 WHEN `case_type_supplement_few_attachments` THEN 4 WHEN `case_type_returned_policy` THEN 5 WHEN `case_type_joint` THEN 7 WHEN `case_type_instant` THEN 8 WHEN `case_type_returned_policy` THEN 9 ELSE 10 END AS `case_type_place`
  FROM `step_8`
),
`step_10` AS (
  SELECT
    *,
    CASE WHEN (`case_type_place` = 0) THEN 'urgent' WHEN (`case_type_place` = 1) THEN 'supplement' WHEN (`case_type_place` = 2) THEN 'returned' WHEN (`case_type_place` = 3) THEN 'supplement' WHEN (`case_type_place` = 4) THEN 'supplement' WHEN (`case_type_place` = 5) THEN 'returned' WHEN (`case_type_place` = 6) THEN 'returned' WHEN (`case_type_place` = 7) THEN 'joint' WHEN (`case_type_place` = 8) THEN 'instant' WHEN (`case_type_place` = 9) THEN 'promised' END AS `case_type_taken`,
    ((NOT (`case_type_place` = `case_type_reached`)) AND (((`case_type_supplement_main_not_brought` IS NULL) AND (`case_type_place` > 1) AND (NOT ((`case_type_place` = 1) OR (`case_type_place` = 3) OR (`case_type_place` = 4)))) OR ((`case_type_returned_main_lacking` IS NULL) AND (`case_type_place` > 2) AND (NOT ((`case_type_place` = 2) OR (`case_type_place` = 5) OR (`case_type_place` = 6)))) OR ((`case_type_place` > 3) AND (NOT ((`case_type_place` = 3) OR (`case_type_place` = 4)))) OR ((`case_type_supplement_few_attachments` IS NULL) AND (`case_type_place` > 4) AND (NOT (`case_type_place` = 4))) OR ((`case_type_returned_policy` IS NULL) AND (`case_type_place` > 5) AND (NOT ((`case_type_place` = 5) OR (`case_type_place` = 6)))) OR ((`case_type_joint` IS NULL) AND (`case_type_place` > 7) AND (NOT (`case_type_place` = 7))) OR ((`case_type_instant` IS NULL) AND (`case_type_place` > 8) AND (NOT (`case_type_place` = 8))) OR ((`case_type_returned_policy` IS NULL) AND (`case_type_place` > 9) AND (NOT (`case_type_place` = 9))))) AS `case_type_open`,
    CASE WHEN (`case_type_place` = 1) THEN '主件有而未带' WHEN (`case_type_place` = 2) THEN '主件缺少' WHEN (`case_type_place` = 3) THEN '非主体材料不全而承诺补齐' WHEN (`case_type_place` = 4) THEN '少数附件不全而不影响审批' WHEN (`case_type_place` = 5) THEN '明显不符合政策或规划' WHEN (`case_type_place` = 6) THEN '查实不具备条件' END AS `reason_taken`,
    ((NOT (`case_type_place` = `case_type_reached`)) AND (((`case_type_supplement_main_not_brought` IS NULL) AND (`case_type_place` > 1) AND (NOT (`case_type_place` = 1))) OR ((`case_type_returned_main_lacking` IS NULL) AND (`case_type_place` > 2) AND (NOT (`case_type_place` = 2))) OR ((`case_type_place` > 3) AND (NOT (`case_type_place` = 3))) OR ((`case_type_supplement_few_attachments` IS NULL) AND (`case_type_place` > 4) AND (NOT (`case_type_place` = 4))) OR ((`case_type_returned_policy` IS NULL) AND (`case_type_place` > 5) AND (NOT (`case_type_place` = 5))) OR ((`case_type_joint` IS NULL) AND (`case_type_place` > 7)) OR ((`case_type_instant` IS NULL) AND (`case_type_place` > 8)) OR ((`case_type_returned_policy` IS NULL) AND (`case_type_place` > 9)))) AS `reason_open`,
    (((`case_type_place` >= 1) AND `main_document_read_spoilt`) OR ((`case_type_place` >= 2) AND `main_document_read_spoilt`) OR ((`case_type_place` >= 4) AND `main_document_read_spoilt`) OR ((`case_type_place` >= 5) AND `materials_complete_spoilt`) OR ((`case_type_place` >= 7) AND `departments_spoilt`) OR ((`case_type_place` >= 8) AND `materials_complete_spoilt`) OR ((`case_type_place` >= 9) AND `materials_complete_spoilt`)) AS `case_type_spoilt`
  FROM `step_9`
),
`step_11` AS (
  SELECT
    *,
    CASE WHEN `case_type_spoilt` THEN CAST(NULL AS char) ELSE CASE WHEN `case_type_open` THEN CAST(NULL AS char) ELSE `case_type_taken` END END AS `case_type_decided`,
    CASE WHEN `case_type_spoilt` THEN CAST(NULL AS char) ELSE CASE WHEN `reason_open` THEN CAST(NULL AS char) ELSE `reason_taken` END END AS `reason_decided`
  FROM `step_10`
),
`step_12` AS (
  SELECT
    *,
    CASE WHEN ((`case_type_decided` IS NULL) OR `case_type_spoilt`) THEN CAST(NULL AS signed) ELSE CASE WHEN ((`case_type_place` = `case_type_reached`) AND (NOT (`case_type_place` = 10))) THEN `case_type_place` END END AS `case_type_settled_by`,
    CASE WHEN `case_type_spoilt` THEN 5 WHEN ((`case_type_place` = `case_type_reached`) AND (`case_type_place` = 10)) THEN 3 WHEN (`case_type_decided` IS NULL) THEN 1 ELSE 0 END AS `case_type_stands`
  FROM `step_11`
)
SELECT
  `case`,
  `departments`,
  `main_document`,
  `case_type_decided` AS `case_type`,
  `reason_decided` AS `reason`,
  CASE WHEN (`case_type_settled_by` = 0) THEN 'urgent' WHEN (`case_type_settled_by` = 1) THEN 'supplement/main-not-brought' WHEN (`case_type_settled_by` = 2) THEN 'returned/main-lacking' WHEN (`case_type_settled_by` = 3) THEN 'supplement/promised' WHEN (`case_type_settled_by` = 4) THEN 'supplement/few-attachments' WHEN (`case_type_settled_by` = 5) THEN 'returned/policy' WHEN (`case_type_settled_by` = 6) THEN 'returned/verified' WHEN (`case_type_settled_by` = 7) THEN 'joint' WHEN (`case_type_settled_by` = 8) THEN 'instant' WHEN (`case_type_settled_by` = 9) THEN 'promised' END AS `case_type_rule`,
  CASE WHEN (`case_type_stands` = 0) THEN 'settled' WHEN (`case_type_stands` = 1) THEN 'open' WHEN (`case_type_stands` = 2) THEN 'none' WHEN (`case_type_stands` = 3) THEN 'gap' WHEN (`case_type_stands` = 4) THEN 'conflict' WHEN (`case_type_stands` = 5) THEN 'unread' END AS `case_type_state`
FROM `step_12`
