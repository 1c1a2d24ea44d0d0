using System.Text.Json;
using System.Text.RegularExpressions;

namespace MediaAspire.Api.S3.Policies;

/// <summary>The senders that a statement applies to.</summary>
/// <param name="IsEverybody">A value indicating whether it applies to every sender, including anonymous ones.</param>
/// <param name="OwnerIds">The canonical ids of owners, not all of which must exist.</param>
internal sealed partial record PolicyPrincipals(bool IsEverybody, IReadOnlySet<string> OwnerIds)
{
    public bool Include(string? senderId) => IsEverybody || (senderId is not null && OwnerIds.Contains(senderId));

    /// <summary>Reads <c>"*"</c>, <c>{"AWS": …}</c> or <c>{"CanonicalUser": …}</c>.</summary>
    /// <exception cref="Protocol.S3Exception">A principal is not a valid owner.</exception>
    public static PolicyPrincipals Read(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.String)
        {
            return element.GetString() == "*"
                ? new(IsEverybody: true, new HashSet<string>())
                : throw PolicyErrors.InvalidPrincipal(element.GetString()!).ToException();
        }

        if (element.ValueKind != JsonValueKind.Object || !element.EnumerateObject().Any())
        {
            throw PolicyErrors.InvalidSyntax().ToException();
        }

        var isEverybody = false;
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var kind in element.EnumerateObject())
        {
            foreach (var name in PolicyJson.Strings(kind.Value))
            {
                switch (kind.Name)
                {
                    case "AWS" when name == "*":
                        isEverybody = true;
                        break;
                    case "AWS":
                        ids.Add(ReadOwner(name));
                        break;
                    case "CanonicalUser":
                        ids.Add(name);
                        break;
                    case "Service" or "Federated":
                        throw PolicyErrors.NotImplemented($"{kind.Name} principals").ToException();
                    default:
                        throw PolicyErrors.InvalidPrincipal(kind.Name).ToException();
                }
            }
        }

        return new(isEverybody, ids);
    }

    // An owner is an account, named by its id or its root, or a user without an account.
    private static string ReadOwner(string name)
    {
        if (Id().IsMatch(name))
        {
            return name;
        }

        var match = Arn().Match(name);
        return match.Success
            ? match.Groups["id"].Value
            : throw PolicyErrors.InvalidPrincipal(name).ToException();
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_.@$-]{1,128}\z")]
    private static partial Regex Id();

    [GeneratedRegex(@"\Aarn:aws:iam::(?:(?<id>[A-Za-z0-9_.@$-]{1,128}):root|:user/(?<id>[A-Za-z0-9_.@$-]{1,128}))\z")]
    private static partial Regex Arn();
}
