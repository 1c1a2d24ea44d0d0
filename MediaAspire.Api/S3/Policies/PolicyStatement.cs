namespace MediaAspire.Api.S3.Policies;

/// <summary>One statement of a policy.</summary>
/// <param name="Allows">A value indicating whether it allows or denies.</param>
/// <param name="Principals">The senders that it names.</param>
/// <param name="Actions">The actions that it names, with wildcards; case is ignored.</param>
/// <param name="Resources">The resources that it names, with wildcards.</param>
/// <param name="Conditions">The conditions, all of which must be met.</param>
internal sealed record PolicyStatement(
    bool Allows,
    PolicyPrincipals Principals,
    IReadOnlyList<string> Actions,
    IReadOnlyList<string> Resources,
    IReadOnlyList<PolicyCondition> Conditions)
{
    /// <summary>Gets a value indicating whether it applies to all but those that it names.</summary>
    public bool NotPrincipals { get; init; }

    /// <inheritdoc cref="NotPrincipals"/>
    public bool NotActions { get; init; }

    /// <inheritdoc cref="NotPrincipals"/>
    public bool NotResources { get; init; }

    /// <summary>Gets a value indicating whether it allows something to senders that nothing restricts.</summary>
    public bool IsPublic => Allows && Principals.IsEverybody && !Conditions.Any(condition => condition.PinsSender);

    public bool IsAbout(PolicyQuestion question) =>
        Principals.Include(question.Request.Principal.OwnerId) != NotPrincipals
        && Actions.Any(action => PolicyPattern.Matches(action, question.Action, ignoresCase: true)) != NotActions
        && Resources.Any(resource => PolicyPattern.Matches(resource, question.Resource)) != NotResources
        && Conditions.All(condition => condition.Holds(question));
}
