using MediaAspire.Api.S3.Protocol;

namespace MediaAspire.Api.S3.Policies;

/// <summary>The verdict of a policy on a request.</summary>
internal enum PolicyVerdict
{
    /// <summary>No statement applies.</summary>
    Silent,
    Allow,
    Deny,
}

/// <summary>The policy of a bucket, all of whose statements can be evaluated.</summary>
internal sealed record BucketPolicy(IReadOnlyList<PolicyStatement> Statements)
{
    /// <summary>Gets a value indicating whether it allows something to senders that it does not restrict.</summary>
    public bool IsPublic { get; } = Statements.Any(statement => statement.IsPublic);

    /// <summary>Gets a value indicating whether it has a condition on the tags of an object.</summary>
    public bool UsesObjectTags { get; } = Statements.Any(statement =>
        statement.Conditions.Any(condition => condition.Key.StartsWith(PolicyKeys.ExistingTagPrefix, StringComparison.OrdinalIgnoreCase)));

    /// <summary>Determines whether a statement allows a sender an action on some resource, under some conditions.</summary>
    public bool MayAllow(string? senderId, string action, PolicyBudget budget) =>
        Statements.Any(statement => statement.Allows && statement.Names(senderId) && statement.NamesAction(action, budget));

    /// <summary>Evaluates the policy: one denial outweighs every permission.</summary>
    public PolicyVerdict Evaluate(PolicyQuestion question)
    {
        var verdict = PolicyVerdict.Silent;
        foreach (var statement in Statements)
        {
            if (!statement.IsAbout(question))
            {
                continue;
            }

            if (!statement.Allows)
            {
                return PolicyVerdict.Deny;
            }

            verdict = PolicyVerdict.Allow;
        }

        return verdict;
    }
}
