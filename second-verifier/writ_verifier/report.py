"""What a verifier says, and how it ends."""

from dataclasses import dataclass, field


@dataclass
class Report:
    findings: list = field(default_factory=list)

    def integrity(self, what):
        self.findings.append(("integrity", what))

    def completeness(self, what):
        self.findings.append(("completeness", what))

    def policy(self, what):
        self.findings.append(("policy", what))

    def has(self, aspect):
        return any(found == aspect for found, _ in self.findings)

    def exit_code(self):
        """4 stands before 6, and 6 before 5 (docs/reference/bundle.md)."""
        for aspect, code in (("integrity", 4), ("policy", 6), ("completeness", 5)):
            if self.has(aspect):
                return code
        return 0
