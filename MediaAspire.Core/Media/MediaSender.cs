namespace MediaAspire.Core.Media;

/// <summary>The sender of a request, as the rules of the catalog see it.</summary>
public readonly record struct MediaSender
{
    private MediaSender(bool isKnown, MediaOwner? owner)
    {
        IsKnown = isKnown;
        Owner = owner;
    }

    /// <summary>Gets the sender without a key, who reads public items.</summary>
    public static MediaSender Anonymous { get; } = new(isKnown: false, null);

    /// <summary>Gets the sender with a key that is bound to no owner, who acts for every owner.</summary>
    public static MediaSender Application { get; } = new(isKnown: true, null);

    /// <summary>Gets a value indicating whether the sender has no key.</summary>
    public bool IsAnonymous => !IsKnown;

    /// <summary>Gets the owner that the sender acts for; <see langword="null"/> for every owner, and without a key.</summary>
    public MediaOwner? Owner { get; }

    private bool IsKnown { get; }

    /// <summary>Makes a sender who acts for one owner.</summary>
    public static MediaSender Of(MediaOwner owner) => new(isKnown: true, owner);

    /// <summary>Determines whether the sender acts for an owner.</summary>
    public bool ActsFor(MediaOwner owner) => IsKnown && (Owner is null || Owner == owner);
}
