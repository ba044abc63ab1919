// Generated from libs/contracts by npm run generate; do not edit.
import type { identity, schoolNetwork, career, logbook, reporting } from '@ateneo/contracts';

export const ROUTES = {
  'identity.change-my-language': ['PUT', '/me/language', 'command', []],
  'identity.change-person-details': ['PUT', '/people/{personId}', 'command', []],
  'identity.create-service-account': ['POST', '/service-accounts', 'command', []],
  'identity.end-profile': ['POST', '/people/{personId}/profiles/{profileId}/end', 'command', []],
  'identity.erase-person': ['POST', '/people/{personId}/erasure', 'command', []],
  'identity.grant-profile': ['POST', '/people/{personId}/profiles', 'command', []],
  'identity.invite-to-sign-in': ['POST', '/people/{personId}/invitation', 'command', []],
  'identity.list-demo-people': ['GET', '/demo-people', 'query', []],
  'identity.list-people': ['GET', '/people', 'query', ['identity']],
  'identity.register-person': ['POST', '/people', 'command', []],
  'identity.revoke-service-account': ['DELETE', '/service-accounts/{accountId}', 'command', []],
  'identity.set-password': ['POST', '/passwords', 'command', []],
  'identity.show-me': ['GET', '/me', 'query', ['identity']],
  'school-network.add-activity': ['POST', '/schools/{schoolId}/activities', 'command', []],
  'school-network.add-unit-to-network': ['PUT', '/schools/{schoolId}/units/{unitId}', 'command', []],
  'school-network.assign-tutor': ['POST', '/schools/{schoolId}/tutor-assignments', 'command', []],
  'school-network.bind-cohort': ['PUT', '/cohorts/{cohortId}/requirement-sets', 'command', []],
  'school-network.close-import-window': ['DELETE', '/import-windows/{windowId}', 'command', []],
  'school-network.declare-requirement-applicability': ['PUT', '/cohorts/{cohortId}/requirements/{requirementId}/applicability', 'command', []],
  'school-network.define-autonomy-scale': ['PUT', '/autonomy-scale', 'command', []],
  'school-network.end-tutor-assignment': ['POST', '/tutor-assignments/{assignmentId}/end', 'command', []],
  'school-network.list-activities': ['GET', '/cohorts/{cohortId}/activities', 'query', ['school-network']],
  'school-network.list-tutor-assignments': ['GET', '/tutor-assignments', 'query', ['identity', 'school-network']],
  'school-network.list-requirement-sets': ['GET', '/requirement-sets', 'query', ['school-network']],
  'school-network.open-cohort': ['POST', '/schools/{schoolId}/cohorts', 'command', []],
  'school-network.open-import-window': ['POST', '/schools/{schoolId}/import-windows', 'command', []],
  'school-network.open-school': ['POST', '/schools', 'command', []],
  'school-network.publish-requirement-set': ['POST', '/requirement-sets', 'command', []],
  'school-network.register-unit': ['POST', '/units', 'command', []],
  'school-network.register-university': ['POST', '/university', 'command', []],
  'school-network.remove-unit-from-network': ['DELETE', '/schools/{schoolId}/units/{unitId}', 'command', []],
  'school-network.show-requirement-set': ['GET', '/requirement-sets/{setId}', 'query', ['school-network']],
  'school-network.show-school': ['GET', '/schools/{schoolId}', 'query', ['school-network']],
  'school-network.show-university': ['GET', '/university', 'query', ['school-network']],
  'career.choose-track': ['PUT', '/enrolments/{enrolmentId}/track', 'command', []],
  'career.correct-suspension': ['PUT', '/enrolments/{enrolmentId}/suspensions/{suspensionId}', 'command', []],
  'career.declare-requirement-applicability': ['PUT', '/enrolments/{enrolmentId}/requirements/{requirementId}/applicability', 'command', []],
  'career.end-contract': ['POST', '/enrolments/{enrolmentId}/end', 'command', []],
  'career.enrol-trainee': ['POST', '/enrolments', 'command', []],
  'career.list-careers': ['GET', '/schools/{schoolId}/careers', 'query', ['identity', 'career']],
  'career.move-trainee-to-cohort': ['PUT', '/enrolments/{enrolmentId}/cohort', 'command', []],
  'career.record-suspension': ['POST', '/enrolments/{enrolmentId}/suspensions', 'command', []],
  'career.show-career': ['GET', '/trainees/{traineeId}/career', 'query', ['identity', 'career']],
  'logbook.amend-entry': ['PUT', '/logbook/entries/{entryId}', 'command', []],
  'logbook.attest-requirement': ['PUT', '/trainees/{traineeId}/attestations/{requirementId}', 'command', []],
  'logbook.confirm-import': ['POST', '/logbook/imports/{importId}/confirmation', 'command', []],
  'logbook.discard-entry': ['DELETE', '/logbook/entries/{entryId}', 'command', []],
  'logbook.keep-entry': ['POST', '/logbook/entries/{entryId}/review', 'command', []],
  'logbook.list-entries': ['GET', '/logbook/entries', 'query', ['identity', 'school-network', 'career', 'logbook']],
  'logbook.list-import-rows': ['GET', '/logbook/imports/{importId}/rows', 'query', []],
  'logbook.list-waiting': ['GET', '/logbook/waiting', 'query', ['identity', 'school-network', 'career', 'logbook']],
  'logbook.preview-validation': ['POST', '/logbook/validation-previews', 'query', []],
  'logbook.record-entry': ['POST', '/logbook/entries', 'command', []],
  'logbook.reject-entry': ['POST', '/logbook/entries/{entryId}/rejection', 'command', []],
  'logbook.return-entry': ['POST', '/logbook/entries/{entryId}/return', 'command', []],
  'logbook.reverse-validation': ['POST', '/logbook/entries/{entryId}/reversal', 'command', []],
  'logbook.revoke-attestation': ['POST', '/trainees/{traineeId}/attestations/{requirementId}/revocation', 'command', []],
  'logbook.show-entry': ['GET', '/logbook/entries/{entryId}', 'query', ['identity', 'school-network', 'career', 'logbook']],
  'logbook.show-import': ['GET', '/logbook/imports/{importId}', 'query', []],
  'logbook.show-logging-help': ['GET', '/logbook/suggestions', 'query', ['career', 'logbook']],
  'logbook.star-activity': ['PUT', '/logbook/favourites/{activity}', 'command', []],
  'logbook.start-import': ['POST', '/logbook/imports', 'command', []],
  'logbook.submit-entry': ['POST', '/logbook/entries/{entryId}/submission', 'command', []],
  'logbook.undo-validations': ['POST', '/logbook/validations/{batchId}/reversal', 'command', []],
  'logbook.validate-entries': ['POST', '/logbook/validations', 'command', []],
  'logbook.validate-entry': ['POST', '/logbook/entries/{entryId}/validation', 'command', []],
  'logbook.withdraw-attestation': ['POST', '/trainees/{traineeId}/attestations/{requirementId}/withdrawal', 'command', []],
  'logbook.withdraw-entry': ['DELETE', '/logbook/entries/{entryId}/submission', 'command', []],
  'reporting.cancel-report-run': ['POST', '/report-runs/{runId}/cancellation', 'command', []],
  'reporting.download-report': ['GET', '/reports/{reportId}/file', 'query', []],
  'reporting.download-report-run': ['GET', '/report-runs/{runId}/file', 'query', []],
  'reporting.explain-requirement': ['GET', '/trainees/{traineeId}/counters/{requirementId}/entries', 'query', ['school-network', 'career', 'logbook']],
  'reporting.issue-report': ['POST', '/reports', 'command', []],
  'reporting.list-reports': ['GET', '/trainees/{traineeId}/reports', 'query', ['identity', 'reporting']],
  'reporting.list-trainees': ['GET', '/trainees', 'query', ['identity', 'school-network', 'career', 'logbook']],
  'reporting.register-report': ['POST', '/reports/{reportId}/registration', 'command', []],
  'reporting.show-counters': ['GET', '/trainees/{traineeId}/counters', 'query', ['school-network', 'career', 'logbook']],
  'reporting.show-report-run': ['GET', '/report-runs/{runId}', 'query', []],
  'reporting.show-school-dashboard': ['GET', '/schools/{schoolId}/dashboard', 'query', ['identity', 'school-network', 'career', 'logbook']],
  'reporting.start-report-run': ['POST', '/report-runs', 'command', []],
  'reporting.verify-report': ['GET', '/verification', 'query', []],
} as const;

export type Operations = {
  'identity.change-my-language': typeof identity.changeMyLanguage;
  'identity.change-person-details': typeof identity.changePersonDetails;
  'identity.create-service-account': typeof identity.createServiceAccount;
  'identity.end-profile': typeof identity.endProfile;
  'identity.erase-person': typeof identity.erasePerson;
  'identity.grant-profile': typeof identity.grantProfile;
  'identity.invite-to-sign-in': typeof identity.inviteToSignIn;
  'identity.list-demo-people': typeof identity.listDemoPeople;
  'identity.list-people': typeof identity.listPeople;
  'identity.register-person': typeof identity.registerPerson;
  'identity.revoke-service-account': typeof identity.revokeServiceAccount;
  'identity.set-password': typeof identity.setPassword;
  'identity.show-me': typeof identity.showMe;
  'school-network.add-activity': typeof schoolNetwork.addActivity;
  'school-network.add-unit-to-network': typeof schoolNetwork.addUnitToNetwork;
  'school-network.assign-tutor': typeof schoolNetwork.assignTutor;
  'school-network.bind-cohort': typeof schoolNetwork.bindCohort;
  'school-network.close-import-window': typeof schoolNetwork.closeImportWindow;
  'school-network.declare-requirement-applicability': typeof schoolNetwork.declareCohortRequirement;
  'school-network.define-autonomy-scale': typeof schoolNetwork.defineAutonomyScale;
  'school-network.end-tutor-assignment': typeof schoolNetwork.endTutorAssignment;
  'school-network.list-activities': typeof schoolNetwork.listActivities;
  'school-network.list-tutor-assignments': typeof schoolNetwork.listAssignments;
  'school-network.list-requirement-sets': typeof schoolNetwork.listRequirementSets;
  'school-network.open-cohort': typeof schoolNetwork.openCohort;
  'school-network.open-import-window': typeof schoolNetwork.openImportWindow;
  'school-network.open-school': typeof schoolNetwork.openSchool;
  'school-network.publish-requirement-set': typeof schoolNetwork.publishRequirementSet;
  'school-network.register-unit': typeof schoolNetwork.registerUnit;
  'school-network.register-university': typeof schoolNetwork.registerUniversity;
  'school-network.remove-unit-from-network': typeof schoolNetwork.removeUnitFromNetwork;
  'school-network.show-requirement-set': typeof schoolNetwork.showRequirementSet;
  'school-network.show-school': typeof schoolNetwork.showSchool;
  'school-network.show-university': typeof schoolNetwork.showUniversity;
  'career.choose-track': typeof career.chooseTrack;
  'career.correct-suspension': typeof career.correctSuspension;
  'career.declare-requirement-applicability': typeof career.declareTraineeRequirement;
  'career.end-contract': typeof career.endContract;
  'career.enrol-trainee': typeof career.enrolTrainee;
  'career.list-careers': typeof career.listCareers;
  'career.move-trainee-to-cohort': typeof career.moveToCohort;
  'career.record-suspension': typeof career.recordSuspension;
  'career.show-career': typeof career.showCareer;
  'logbook.amend-entry': typeof logbook.amendEntry;
  'logbook.attest-requirement': typeof logbook.attestRequirement;
  'logbook.confirm-import': typeof logbook.confirmImport;
  'logbook.discard-entry': typeof logbook.discardEntry;
  'logbook.keep-entry': typeof logbook.keepEntry;
  'logbook.list-entries': typeof logbook.listEntries;
  'logbook.list-import-rows': typeof logbook.listImportRows;
  'logbook.list-waiting': typeof logbook.listWaiting;
  'logbook.preview-validation': typeof logbook.previewValidation;
  'logbook.record-entry': typeof logbook.recordEntry;
  'logbook.reject-entry': typeof logbook.rejectEntry;
  'logbook.return-entry': typeof logbook.returnEntry;
  'logbook.reverse-validation': typeof logbook.reverseValidation;
  'logbook.revoke-attestation': typeof logbook.revokeAttestation;
  'logbook.show-entry': typeof logbook.showEntry;
  'logbook.show-import': typeof logbook.showImport;
  'logbook.show-logging-help': typeof logbook.showLoggingHelp;
  'logbook.star-activity': typeof logbook.starActivity;
  'logbook.start-import': typeof logbook.startImport;
  'logbook.submit-entry': typeof logbook.submitEntry;
  'logbook.undo-validations': typeof logbook.undoValidations;
  'logbook.validate-entries': typeof logbook.validateEntries;
  'logbook.validate-entry': typeof logbook.validateEntry;
  'logbook.withdraw-attestation': typeof logbook.withdrawAttestation;
  'logbook.withdraw-entry': typeof logbook.withdrawEntry;
  'reporting.cancel-report-run': typeof reporting.cancelReportRun;
  'reporting.download-report': typeof reporting.downloadReport;
  'reporting.download-report-run': typeof reporting.downloadReportRun;
  'reporting.explain-requirement': typeof reporting.explainRequirement;
  'reporting.issue-report': typeof reporting.issueReport;
  'reporting.list-reports': typeof reporting.listReports;
  'reporting.list-trainees': typeof reporting.listTrainees;
  'reporting.register-report': typeof reporting.registerReport;
  'reporting.show-counters': typeof reporting.showCounters;
  'reporting.show-report-run': typeof reporting.showReportRun;
  'reporting.show-school-dashboard': typeof reporting.showSchoolDashboard;
  'reporting.start-report-run': typeof reporting.startReportRun;
  'reporting.verify-report': typeof reporting.verifyReport;
};

/** Operations that take a file, each with its type. */
export const UPLOADS = {
  'logbook.start-import': 'text/csv',
} as const;
/** Operations that answer a file. */
export type DownloadName = 'reporting.download-report' | 'reporting.download-report-run';
/** Keys of the live line. */
export type LiveKeyText = `career:${string}` | 'waiting' | `import:${string}` | `counters:${string}` | `entries:${string}` | `run:${string}`;
