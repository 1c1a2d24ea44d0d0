using MediaAspire.Api.S3.Protocol;

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

    /// <summary>Determines whether it applies to a sender.</summary>
    /// <param name="senderId">The sender's canonical id; <see langword="null"/> for an anonymous one.</param>
    public bool Names(string? senderId) => Principals.Include(senderId) != NotPrincipals;

    /// <summary>Determines whether it applies to an action.</summary>
    public bool NamesAction(string action, PolicyBudget budget) =>
        Actions.Any(pattern => PolicyPattern.Matches(pattern, action, budget, ignoresCase: true)) != NotActions;

    public bool IsAbout(PolicyQuestion question)
    {
        var budget = question.Request.PolicyBudget;
        return Names(question.Request.Principal.OwnerId)
            && NamesAction(question.Action, budget)
            && NamesResource(question.Resource, budget)
            && Conditions.All(condition => condition.Holds(question));
    }

    private bool NamesResource(string resource, PolicyBudget budget) =>
        Resources.Any(pattern => PolicyPattern.Matches(pattern, resource, budget)) != NotResources;
}
