namespace MediaAspire.Core.AccessKeys;

/// <summary>An access key without its secret.</summary>
/// <param name="Id">The public part.</param>
/// <param name="Owner">The owner.</param>
/// <param name="IsEnabled">A value indicating whether requests signed with it are accepted.</param>
/// <param name="CreatedAt">By the database's clock.</param>
public sealed record AccessKeyInfo(string Id, AccessKeyOwner Owner, bool IsEnabled, DateTimeOffset CreatedAt);

/// <summary>The owner of buckets and objects.</summary>
/// <param name="Id">The canonical id.</param>
/// <param name="DisplayName">The name for people.</param>
public sealed record AccessKeyOwner(string Id, string DisplayName);

/// <summary>A key to create.</summary>
/// <param name="Id">See <see cref="AccessKeyFormat.IsId"/>.</param>
/// <param name="Secret">See <see cref="AccessKeyFormat.IsSecret"/>.</param>
/// <param name="Owner">See <see cref="AccessKeyFormat.IsOwnerId"/> and <see cref="AccessKeyFormat.IsDisplayName"/>.</param>
public sealed record NewAccessKey(string Id, string Secret, AccessKeyOwner Owner)
{
    /// <summary>Makes an id and a secret.</summary>
    public static NewAccessKey Generate(AccessKeyOwner owner) => new(AccessKeyFormat.NewId(), AccessKeyFormat.NewSecret(), owner);

    // Keeps the secret out of printed records.
    private bool PrintMembers(System.Text.StringBuilder builder)
    {
        builder.Append("Id = ").Append(Id).Append(", Owner = ").Append(Owner);
        return true;
    }
}
