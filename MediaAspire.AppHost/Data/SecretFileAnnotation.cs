namespace MediaAspire.AppHost.Data;

/// <summary>Marks a parameter whose value is kept in a file.</summary>
/// <param name="Path">The file (mode 0600).</param>
internal sealed record SecretFileAnnotation(string Path) : IResourceAnnotation;
