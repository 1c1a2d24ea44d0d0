using System.Text;

namespace MediaAspire.Core.AccessKeys;

/// <summary>An enabled key that signs requests on behalf of an owner.</summary>
/// <param name="Id">The public part, which requests name.</param>
/// <param name="OwnerId">The canonical id of the owner; several keys may share it.</param>
/// <param name="DisplayName">The owner's name for people.</param>
/// <param name="Secret">The secret part in clear, which the signature is made from. Never logged.</param>
public sealed record AccessKey(string Id, string OwnerId, string DisplayName, string Secret)
{
    // Keeps the secret out of printed records.
    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append("Id = ").Append(Id).Append(", OwnerId = ").Append(OwnerId).Append(", DisplayName = ").Append(DisplayName);
        return true;
    }
}
