using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Builds a reference expression piece by piece.</summary>
public class ReferenceExpressionBuilder
{
    private readonly StringBuilder _format;
    private readonly List<IValueProvider> _valueProviders;
    private readonly List<string?> _stringFormats;

    public ReferenceExpressionBuilder()
        : this(literalLength: 0, formattedCount: 0)
    {
    }

    internal ReferenceExpressionBuilder(int literalLength, int formattedCount)
    {
        _format = new(literalLength + (formattedCount * 3));
        _valueProviders = new(formattedCount);
        _stringFormats = new(formattedCount);
    }

    public bool IsEmpty => _format.Length == 0;

    /// <summary>Appends an interpolated string.</summary>
    public void Append([InterpolatedStringHandlerArgument("")] in ReferenceExpressionBuilderInterpolatedStringHandler handler) =>
        handler.EnsureFilled(this);

    public void AppendLiteral(string value) =>
        _format.Append(value.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal));

    public void AppendFormatted(string? value) => AppendLiteral(value ?? "");

    public void AppendFormatted(string? value, string? format = null) => AppendLiteral(ReferenceExpression.Encode(value, format) ?? "");

    public void AppendFormatted<T>(T valueProvider)
        where T : IValueProvider, IManifestExpressionProvider => AppendValueProvider(valueProvider);

    public void AppendFormatted<T>(T valueProvider, string? format)
        where T : IValueProvider, IManifestExpressionProvider => AppendValueProvider(valueProvider, format);

    /// <summary>Appends a value.</summary>
    /// <param name="valueProvider">An <see cref="IValueProvider"/> that is also an <see cref="IManifestExpressionProvider"/>.</param>
    /// <param name="format"><c>uri</c> to percent-encode the value, or null.</param>
    /// <exception cref="ArgumentException">The object is not both.</exception>
    public void AppendValueProvider(object valueProvider, string? format = null)
    {
        ArgumentNullException.ThrowIfNull(valueProvider);

        // An expression without a value of its own is spelled out: its format may be the only thing that it has.
        if (valueProvider is ReferenceExpression { IsConditional: false } expression && format is null)
        {
            AppendExpression(expression);
            return;
        }

        if (valueProvider is not (IValueProvider value and IManifestExpressionProvider))
        {
            throw new ArgumentException($"'{valueProvider.GetType()}' is not a value that a reference expression can hold.", nameof(valueProvider));
        }

        _format.Append(CultureInfo.InvariantCulture, $"{{{_valueProviders.Count}}}");
        _valueProviders.Add(value);
        _stringFormats.Add(format);
    }

    public ReferenceExpression Build() => new(_format.ToString(), [.. _valueProviders], [.. _stringFormats]);

    private void AppendExpression(ReferenceExpression expression)
    {
        var placeholders = Enumerable.Range(_valueProviders.Count, expression.ValueProviders.Count).Select(i => (object)$"{{{i}}}").ToArray();

        // string.Format halves the escaped braces of literals, so they are doubled again around it.
        var doubled = expression.Format.Replace("{{", "{{{{", StringComparison.Ordinal).Replace("}}", "}}}}", StringComparison.Ordinal);
        _format.Append(string.Format(CultureInfo.InvariantCulture, doubled, placeholders));
        _valueProviders.AddRange(expression.ValueProviders);
        _stringFormats.AddRange(expression.StringFormats);
    }

    /// <summary>Appends the parts of an interpolated string to a builder.</summary>
    [InterpolatedStringHandler]
    public ref struct ReferenceExpressionBuilderInterpolatedStringHandler(int literalLength, int formattedCount, ReferenceExpressionBuilder builder)
    {
        private readonly int _expectedLength = literalLength + formattedCount;

        public readonly void AppendLiteral(string value) => builder.AppendLiteral(value);

        public readonly void AppendFormatted(string? value) => builder.AppendFormatted(value);

        public readonly void AppendFormatted(string? value, string format) => builder.AppendFormatted(value, format);

        public readonly void AppendFormatted<T>(T valueProvider)
            where T : IValueProvider, IManifestExpressionProvider => builder.AppendFormatted(valueProvider);

        public readonly void AppendFormatted<T>(T valueProvider, string? format)
            where T : IValueProvider, IManifestExpressionProvider => builder.AppendFormatted(valueProvider, format);

        public readonly void AppendFormatted<T>(IResourceBuilder<T> valueProvider)
            where T : IResource, IValueProvider, IManifestExpressionProvider => builder.AppendFormatted(valueProvider.Resource);

        public readonly void AppendFormatted<T>(IResourceBuilder<T> valueProvider, string? format)
            where T : IResource, IValueProvider, IManifestExpressionProvider => builder.AppendFormatted(valueProvider.Resource, format);

        internal readonly void EnsureFilled(ReferenceExpressionBuilder target)
        {
            if (!ReferenceEquals(target, builder) && _expectedLength > 0)
            {
                throw new InvalidOperationException("The interpolated string was made for another builder.");
            }
        }
    }
}
