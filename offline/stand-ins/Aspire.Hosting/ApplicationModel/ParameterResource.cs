namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value that comes from configuration, or is generated.</summary>
public class ParameterResource : Resource, IExpressionValue, IResourceWithoutLifetime
{
    private readonly Lazy<string> _value;

    /// <summary>Creates a parameter.</summary>
    /// <param name="name">The resource's name.</param>
    /// <param name="callback">Gets the value, given the default; called at most once.</param>
    /// <param name="secret">Whether the value is masked.</param>
    public ParameterResource(string name, Func<ParameterDefault?, string> callback, bool secret = false)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(callback);

        _value = new(() => callback(Default));
        Secret = secret;
    }

    public bool Secret { get; }

    /// <summary>Gets or sets whether the parameter stands for a connection string.</summary>
    public bool IsConnectionString { get; set; }

    /// <summary>Gets or sets what to take where configuration has no value; null means that there has to be one.</summary>
    public ParameterDefault? Default { get; set; }

    public string? Description { get; set; }

    public bool EnableDescriptionMarkdown { get; set; }

    /// <inheritdoc />
    public string ValueExpression => IsConnectionString ? $"{{{Name}.connectionString}}" : $"{{{Name}.value}}";

    /// <summary>Gets the name of the setting that holds the value.</summary>
    internal string ConfigurationKey
    {
        get => field ?? (IsConnectionString ? $"ConnectionStrings:{Name}" : $"Parameters:{Name}");
        set;
    }

    internal string ResolvedValue => _value.Value;

    /// <summary>Gets the value.</summary>
    /// <exception cref="MissingParameterValueException">There is neither a value nor a default.</exception>
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(_value.Value);
    }

    /// <inheritdoc cref="GetValueAsync(CancellationToken)" />
    public ValueTask<string?> GetValueAsync(ValueProviderContext _, CancellationToken cancellationToken) => GetValueAsync(cancellationToken);
}
