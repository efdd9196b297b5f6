-- AlterTable
ALTER TABLE "role_assignments" ADD COLUMN     "condition" TEXT;

-- As long as a condition may be in a message (`conditionalAssignmentFactV1`).
ALTER TABLE role_assignments ADD CONSTRAINT condition_fits CHECK (
  char_length(condition) BETWEEN 1 AND 1000);
