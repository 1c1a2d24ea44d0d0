using MediaAspire.Api.Security;
using MediaAspire.Core.Limits;

namespace MediaAspire.Api.Limits;

/// <summary>The sender of a request, as limits see it.</summary>
/// <param name="Key">Its key; <see langword="null"/> for a sender without one, which its address stands for.</param>
internal readonly record struct LimitedSender(LimitedKey? Key)
{
    public static LimitedSender Of(Caller caller) =>
        new(caller.KeyId is { } id ? new LimitedKey(caller.Kind == CallerKind.AccessKey, id) : null);
}
