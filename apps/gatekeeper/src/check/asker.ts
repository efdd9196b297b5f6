import {
  decide,
  principalOf,
  type Attributes,
  type Decision,
  type DecisionRequest,
  type PrincipalKind,
  type Snapshot,
  type TimeInterval,
  type VouchedIdentity,
} from '@bastion/policy';

/** Whom a question is about. NOBODY: named in a way that no principal of the tenant can match. */
export type PrincipalReference =
  | { readonly by: 'CALLER' }
  | ({ readonly by: 'ID'; readonly id: string } & DescribedPrincipal)
  | ({ readonly by: 'SUBJECT'; readonly subject: string } & DescribedPrincipal)
  | { readonly by: 'NOBODY' };

export interface DescribedPrincipal {
  readonly kind?: PrincipalKind;
  /** What else the caller says of it, for conditions. */
  readonly properties?: Attributes | undefined;
}

/** Whom a reference names, and whether that is the one who asks. */
export interface PrincipalAsked {
  /** undefined: nobody that the tenant knows. */
  readonly principalId: string | undefined;
  readonly isAsker: boolean;
}

/** How a request is decided: `decide`, or from facts that may be outdated `decideStale`. */
export type Decide = (snapshot: Snapshot, request: DecisionRequest) => Decision;

/** The permission, at the tenant's root, to ask about others than oneself. */
const ASK_ABOUT_OTHERS = 'access:check';

/** The one whom a token stands for, as a snapshot knows them: looked up once for all that they ask. */
export class Asker {
  /** undefined: nobody that the tenant knows. */
  readonly #principalId: string | undefined;
  /** INVARIANT: null for whom the issuer does not vouch for: they are not the one of that subject. */
  readonly #subject: string | null;
  #right: { readonly decision: Decision | undefined } | undefined;

  constructor(
    private readonly snapshot: Snapshot,
    identity: VouchedIdentity,
    /** Of asking: when what is asked has to be so. */
    readonly time: TimeInterval,
    private readonly decideOne: Decide = decide,
  ) {
    const { subject } = identity;
    const principal = principalOf(snapshot, identity);
    this.#principalId = principal?.id;
    this.#subject = principal || !snapshot.principalBySubject(subject) ? subject : null;
  }

  /** Decides a request, of whomever it is about. */
  decide(request: DecisionRequest): Decision {
    return this.decideOne(this.snapshot, request);
  }

  /** Whether they may ask about others than themselves, as far as is known. */
  rightToAskAboutOthers(): Decision | undefined {
    this.#right ??= { decision: this.#decideRight() };
    return this.#right.decision;
  }

  /** Whom of the tenant a reference names. */
  whomNames(reference: PrincipalReference): PrincipalAsked {
    if (reference.by === 'CALLER') return { principalId: this.#principalId, isAsker: true };
    const principalId = this.#find(reference);
    const isAsker =
      (reference.by === 'SUBJECT' && reference.subject === this.#subject) ||
      (principalId !== undefined && principalId === this.#principalId);
    return { principalId, isAsker };
  }

  #find(reference: Exclude<PrincipalReference, { by: 'CALLER' }>): string | undefined {
    const { snapshot } = this;
    if (reference.by === 'NOBODY') return undefined;
    const found =
      reference.by === 'ID'
        ? { id: reference.id, kind: snapshot.principalKind(reference.id) }
        : snapshot.principalBySubject(reference.subject);
    if (found?.kind === undefined) return undefined;
    return reference.kind === undefined || found.kind === reference.kind ? found.id : undefined;
  }

  #decideRight(): Decision | undefined {
    const root = this.snapshot.rootScope();
    if (this.#principalId === undefined || !root) return undefined;
    return this.decide({
      principalId: this.#principalId,
      permission: ASK_ABOUT_OTHERS,
      scopeId: root.id,
      time: this.time,
    });
  }
}
