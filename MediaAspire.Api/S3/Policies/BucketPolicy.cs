namespace MediaAspire.Api.S3.Policies;

/// <summary>What a policy says of a question.</summary>
internal enum PolicyVerdict
{
    /// <summary>No statement is about it.</summary>
    Silent,
    Allow,
    Deny,
}

/// <summary>A bucket's policy, every statement of which can be evaluated.</summary>
internal sealed record BucketPolicy(IReadOnlyList<PolicyStatement> Statements)
{
    /// <summary>Gets whether it allows something to senders that it does not pin down.</summary>
    public bool IsPublic { get; } = Statements.Any(statement => statement.IsPublic);

    /// <summary>Gets whether it asks for tags that an object has.</summary>
    public bool UsesObjectTags { get; } = Statements.Any(statement =>
        statement.Conditions.Any(condition => condition.Key.StartsWith(PolicyKeys.ExistingTagPrefix, StringComparison.OrdinalIgnoreCase)));

    /// <summary>Judges a question: one denial outweighs all that is allowed.</summary>
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
