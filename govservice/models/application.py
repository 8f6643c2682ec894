"""An application as it lies on the counter: its materials, its nature, what has been found about it."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict

from govservice.models.choices import (
    APPLICANT_CLASSES,
    MAIN_DOCUMENTS,
    PROJECT_KINDS,
    SUBJECTS,
    ApplicantClass,
    MainDocument,
    ProjectKind,
    Subject,
)
from govservice.models.codes import check_resident_id, check_uscc
from govservice.models.record import Amount, Count, Record, RecordWarning, Text, Texts, Truth, chosen, fact

__all__ = ["Application"]


class Application(Record):
    """One application (申请): the facts by which a rulebook classifies it. Amounts of money are exact; counts are 0 or more.

    >>> application = Application.read({"主件": "已带", "审批部门数": "２", "capital_cny": "50000000.00"})
    >>> application.main_document, application.departments, application.capital_cny
    ('present', 2, Decimal('50000000.00'))
    >>> application.formal is None
    True
    """

    model_config = ConfigDict(title="申请")

    application: Text = fact("申请编号", "Number of the application.")

    applicant_name: Text = fact("申请人", "Name of the applicant, a person or an organisation.")
    applicant_uscc: Text = fact("申请人统一社会信用代码", "Unified Social Credit code of an applicant that is an organisation.")
    applicant_id_number: Text = fact("申请人身份证号码", "Resident identity number of an applicant who is a person.")
    applicant_class: Annotated[ApplicantClass | None, chosen(APPLICANT_CLASSES)] = fact(
        "人员类别", "Class of person with a claim to particular service."
    )
    self_employment: Truth = fact("自主创业", "Whether the applicant starts a business or becomes self-employed.")
    agent: Text = fact("代办员", "The village or centre agent who applies on the applicant's behalf.")
    district: Text = fact("所属区域", "District that the applicant belongs to.")

    main_document: Annotated[MainDocument | None, chosen(MAIN_DOCUMENTS)] = fact(
        "主件", "Whether the main document is here, exists but was not brought, or is lacking."
    )
    nonmain_missing: Count = fact("非主体材料缺件数", "How many non-main materials are missing.", unit="件")
    attachments_missing: Count = fact("附件缺件数", "How many attachments are missing.", unit="件")
    missing_affects_approval: Truth = fact("所缺影响审批", "Whether what is missing affects the approval.")
    applicant_promises: Truth = fact("承诺补齐", "Whether the applicant promises to complete the materials.")
    missing_materials: Texts = fact("所缺材料", "Names of all missing materials, as they are told to the applicant once.")

    formal: Truth = fact("正式申请", "Whether it is a formal application, not an enquiry.")
    ordinary: Truth = fact("一般性", "Whether it is an ordinary matter.")
    simple: Truth = fact("程序简便", "Whether the procedure is simple.")
    same_day_possible: Truth = fact("可当天办结", "Whether it can be completed on the day.")
    needs_review: Truth = fact("需审核", "Whether it needs a review.")
    needs_survey: Truth = fact("需踏勘", "Whether it needs an on-site survey.")
    needs_archive_check: Truth = fact("需查档", "Whether archives must be searched.")
    departments: Count = fact("审批部门数", "How many departments must approve.", unit="个")
    last_approver: Text = fact("最后把关部门", "The department that gives the last approval.")
    subject: Annotated[Subject | None, chosen(SUBJECTS)] = fact("事项领域", "Field that the matter belongs to.")
    major: Truth = fact("重大", "Whether it is a major matter.")
    complex: Truth = fact("较复杂", "Whether it is a complex matter.")
    goes_up: Truth = fact("须上级审批", "Whether the superior organ must approve.")

    plainly_against_policy: Truth = fact("明显不符合政策", "Whether it is plainly against policy.")
    plainly_against_plan: Truth = fact("明显不符合规划", "Whether it is plainly against the plan.")
    meets_conditions: Truth = fact("具备批准条件", "Whether the conditions for approval were found to be met.")
    recognised_urgent: Truth = fact("中心认定急办", "Whether the centre recognised it as urgent.")

    key_project: Truth = fact("重点项目", "Whether it belongs to a key project.")
    assigned_by_leaders: Truth = fact("领导交办", "Whether leaders assigned it.")
    reconstruction: Truth = fact("灾后重建", "Whether it belongs to reconstruction after a disaster.")
    project_kind: Annotated[ProjectKind | None, chosen(PROJECT_KINDS)] = fact("项目性质", "Kind of project.")
    foreign_invested: Truth = fact("外商投资", "Whether the enterprise has foreign investment.")
    capital_usd: Amount = fact("美元资本额", "Registered capital, or its increase, in US dollars.", unit="美元")
    capital_cny: Amount = fact("人民币资本额", "Registered capital, or its increase, in yuan.", unit="元")
    investment_cny: Amount = fact("投资额", "Investment of a building project, in yuan.", unit="元")

    def warnings(self) -> tuple[RecordWarning, ...]:
        """What looks wrong with the applicant's codes; the record stands all the same.

        >>> [warning.field for warning in Application(applicant_uscc="1234").warnings()]
        ['applicant_uscc']
        """
        codes = check_uscc("applicant_uscc", self.applicant_uscc) + check_resident_id("applicant_id_number", self.applicant_id_number)
        return super().warnings() + codes
