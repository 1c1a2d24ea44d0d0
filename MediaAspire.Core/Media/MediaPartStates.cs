namespace MediaAspire.Core.Media;

/// <summary>The names of a part's states, in the API and in the database.</summary>
public static class MediaPartStates
{
    private static readonly string[] s_names = ["pending", "verifying", "stored"];

    /// <summary>Finds the state of a name.</summary>
    /// <exception cref="InvalidDataException">The name is from a later version.</exception>
    public static MediaPartState Parse(string name) => Array.IndexOf(s_names, name) is >= 0 and var index
        ? (MediaPartState)index
        : throw new InvalidDataException($"The state \"{name}\" of a part is from a later version.");

    public static string NameOf(MediaPartState state) => s_names[(int)state];
}
